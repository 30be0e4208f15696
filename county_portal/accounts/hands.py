"""Two pairs of eyes on one row: whoever had a hand in it does not settle it, whatever posts that person holds.

Posts keep the two apart only until somebody changes post or stands in for a colleague; the row remembers.
"""

from collections.abc import Collection, Iterable

from county_portal.accounts.models import User
from county_portal.audit.selectors import list_hands
from county_portal.common.errors import Refused


def had_hand(actor: User, hands: Iterable[int | None]) -> bool:
    """Whether the actor is among `hands`, the primary keys of those who prepared a row."""
    return actor.pk in set(hands)


def ensure_other_hands(actor: User, hands: Iterable[int | None], refusal: Refused) -> None:
    """Raise `refusal` if the actor is among `hands`; asked on the locked row."""
    if had_hand(actor, hands):
        raise refusal


def ensure_written_by_others(
    actor: User, kind: str, object_id: str, *, besides: Collection[str], refusal: Refused
) -> None:
    """Raise `refusal` if the record names the actor for anything done to an object but the acts `besides`."""
    ensure_other_hands(actor, list_hands(kind, object_id, besides=besides), refusal)
