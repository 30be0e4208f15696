"""Two people at one page: what the later one changed, and where both changed the same. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from county_portal.common.text import as_stored

BLANK = "（空）"


def differ(mine: str, *, base: str, now: str) -> bool:
    """Whether two changed the same in different ways: I from `base` to `mine`, somebody else meanwhile to `now`.

    Texts, or fingerprints of something larger.
    """
    return mine != base and now not in {base, mine}


@dataclass(frozen=True, slots=True)
class Mine:
    """What the sender of an old page made of a field; `theirs` is what a colleague made of it, blank without one."""

    text: str
    theirs: str


def own_change(data: Mapping[str, str], name: str, stored: str) -> Mine | None:
    """What the sender changed in the field `name` and nobody stored yet; None where that is nothing.

    The page sends what the field showed as `was-` with its name. What its sender left as it was stays as it is
    `stored` now.
    """
    typed, was = (as_stored(data.get(key, "")) for key in (name, f"was-{name}"))
    if name not in data or typed in {was, stored}:
        return None
    return Mine(typed, (stored or BLANK) if differ(typed, base=was, now=stored) else "")
