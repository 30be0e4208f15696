"""Who acts in the demonstration: the accounts by post and office, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.demo.accounts import NEWCOMER


class Handled(Protocol):
    """What passes between a county and the office that reviews it: a submission, an application, a pilot."""

    @property
    def office_id(self) -> int:
        """The county's bureau."""

    @property
    def reviewing_office_id(self) -> int:
        """The office that reviews it."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the province; those of an office are asked for by what they act on."""

    manager: User
    checker: User
    publisher: User
    experts: Sequence[User]
    _by_post: Mapping[tuple[int, str], User]

    def filler(self, matter: Handled) -> User:
        """The county's clerk, who types."""
        return self._by_post[matter.office_id, Role.COUNTY_FILLER]

    def lead(self, matter: Handled) -> User:
        """The county's head, who hands in."""
        return self._by_post[matter.office_id, Role.COUNTY_LEAD]

    def provider(self, office_id: int) -> User:
        """A department's data clerk."""
        return self._by_post[office_id, Role.COUNTY_PROVIDER]

    def reviewer(self, matter: Handled) -> User:
        """The reviewing office's clerk."""
        return self._by_post[matter.reviewing_office_id, Role.CITY_REVIEWER]

    def signer(self, matter: Handled) -> User:
        """The reviewing office's head."""
        return self._by_post[matter.reviewing_office_id, Role.CITY_SIGNER]


def read_cast() -> Cast:
    """Everybody, one query."""
    users = list(
        User.objects.select_related("office__region").exclude(login=NEWCOMER).order_by("login")
    )
    by_role: dict[str, list[User]] = {}
    for user in users:
        by_role.setdefault(user.role, []).append(user)
    return Cast(
        manager=by_role[Role.PROVINCE_MANAGER][0],
        checker=by_role[Role.PROVINCE_CHECKER][0],
        publisher=by_role[Role.PROVINCE_PUBLISHER][0],
        experts=by_role[Role.PROVINCE_EXPERT],
        _by_post={(user.office_id, user.role): user for user in users},
    )
