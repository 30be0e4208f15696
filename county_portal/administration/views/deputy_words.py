"""How pages speak of deputyships."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from county_portal.accounts.deputies import DeputyshipStanding, lent_permissions
from county_portal.accounts.roles import Permission, Role
from county_portal.administration.actions.deputies import may_end

if TYPE_CHECKING:
    from county_portal.accounts.models import Deputyship, User

_TONES = {
    DeputyshipStanding.PENDING: "warning",
    DeputyshipStanding.AHEAD: "info",
    DeputyshipStanding.RUNNING: "success",
    DeputyshipStanding.LAPSED: "danger",
}
_OPEN = (
    *(DeputyshipStanding.PENDING, DeputyshipStanding.AHEAD, DeputyshipStanding.RUNNING),
    DeputyshipStanding.LAPSED,
)


@dataclass(frozen=True, slots=True)
class DeputyRow:
    """One deputyship as a list shows it."""

    deputyship: "Deputyship"
    standing: str
    tone: str
    permissions: str
    may_end: bool
    may_confirm: bool


def deputy_rows(found: "Iterable[Deputyship]", reader: "User") -> list[DeputyRow]:
    """With what the reader may do to each."""
    return [_row(each, reader) for each in found]


def _row(each: "Deputyship", reader: "User") -> DeputyRow:
    standing = each.standing
    return DeputyRow(
        deputyship=each,
        standing=standing.label,
        tone=_TONES.get(standing, "neutral"),
        permissions=_words(lent_permissions(Role(each.deputy_role), Role(each.absent_role))),
        may_end=standing in _OPEN and may_end(reader, each),
        may_confirm=standing == DeputyshipStanding.PENDING
        and reader.holds(Permission.MANAGE_SECURITY),
    )


def _words(permissions: frozenset[Permission]) -> str:
    """In the order of the posts' page."""
    return "、".join(each.label for each in Permission if each in permissions)


def covering_words(colleagues: "Iterable[User]", absent: "User") -> list[tuple[str, str]]:
    """Who could stand in for somebody, and with what."""
    return [
        (
            f"{each.display_name}（{each.get_role_display()}）",
            _words(lent_permissions(Role(each.role), Role(absent.role))),
        )
        for each in colleagues
    ]


def end_words(found: "Deputyship", reader: "User") -> dict[str, object]:
    """What the last look before the end says."""
    row = _row(found, reader)
    deputy, absent = found.deputy.display_name, found.absent.display_name
    return {
        "row": row,
        "title": f"结束{deputy}代{absent}的办理？",
        "consequences": [
            f"{deputy}从此不能再代{absent}办理：{row.permissions}。",
            "已经办理的事项不受影响；仍需代办的，可以再次指定。",
        ],
        "mail": f"{deputy}、{absent}",
        "closed": f"此项代办现为“{row.standing}”，无需结束。",
    }
