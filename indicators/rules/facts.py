"""One system of facts: who states a figure first owns it, others use it or differ from it. Pure.

A place is `submission:<public id>:<indicator code>:<part>`, or whatever another form's prefix and line make it
(`application:<public id>:basics:<meaning>`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

PART_WORDS = {"value": "数值", "numerator": "分子", "denominator": "分母"}


def place_prefix(submission_id: UUID) -> str:
    """What all places of one submission begin with."""
    return f"submission:{submission_id}:"


def place_of(submission_id: UUID, code: str, part: str) -> str:
    """The place of one part of one line."""
    return f"{place_prefix(submission_id)}{code}:{part}"


def own_place(submission_id: UUID, place: str) -> tuple[str, str] | None:
    """Line and part, if the place is one of this submission's."""
    prefix = place_prefix(submission_id)
    if not place.startswith(prefix):
        return None
    code, _, part = place.removeprefix(prefix).rpartition(":")
    return code, part


@dataclass(frozen=True, slots=True)
class FactForm:
    """A form that states facts: of which region and year, and what its places begin with."""

    prefix: str
    region: int
    year: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one place of a form states now; None for a place that states nothing (any more)."""

    place: str
    label: str
    meaning: int
    number: Decimal | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that states a fact."""

    place: str
    number: Decimal
    is_reused: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A fact with its claims, oldest first; the figure is the one of the place that owns it."""

    place: str
    claims: Sequence[Claim]

    @property
    def number(self) -> Decimal:
        """The figure that stands."""
        return next(claim.number for claim in self.claims if claim.place == self.place)

    @property
    def differing(self) -> list[Claim]:
        """Claims with another figure, explained or not."""
        return [claim for claim in self.claims if claim.number != self.number]


def restate(standing: Standing | None, stated: Mapping[str, Decimal | None]) -> Standing | None:
    """The fact after some places state it anew, in their order; None for a place takes its claim away.

    The owner's new figure moves the fact, and with it fall the reasons of those who differed from the old
    one. When the owner goes, the fact passes to the oldest claim left, or ends.
    """
    claims = {claim.place: claim for claim in standing.claims} if standing else {}
    owner = standing.place if standing else ""
    before = standing.number if standing else None
    for place, number in stated.items():
        if number is None:
            claims.pop(place, None)
        elif place not in claims or claims[place].number != number:
            claims[place] = Claim(place, number)
    if not claims:
        return None
    if owner not in claims:
        owner = next(iter(claims))
    number = claims[owner].number
    is_moved = before is not None and before != number
    settled = [_settled(claim, owner, number, is_moved=is_moved) for claim in claims.values()]
    return Standing(owner, settled)


def _settled(claim: Claim, owner: str, number: Decimal, *, is_moved: bool) -> Claim:
    is_same = claim.number == number
    reason = "" if is_same or is_moved else claim.reason
    return replace(claim, is_reused=is_same and claim.place != owner, reason=reason)
