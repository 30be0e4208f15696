"""Where a figure stands to a target by class; direction-aware, pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_HUNDRED = Decimal(100)


def reaches(
    number: Decimal | None, target: Decimal | None, *, is_lower_better: bool
) -> bool | None:
    """Whether the figure reaches the target; None where one of the two is lacking."""
    if number is None or target is None:
        return None
    return number <= target if is_lower_better else number >= target


def start_of(baseline: Decimal | None, target: Decimal, *, is_lower_better: bool) -> Decimal | None:
    """Where the path to a target begins: a start that is there already is not asked to come back down to it."""
    reached = reaches(baseline, target, is_lower_better=is_lower_better)
    return target if reached else baseline


def share_of(number: Decimal | None, target: Decimal | None) -> Decimal | None:
    """The figure in per cent of the target; None without either or for a target of 0."""
    if number is None or not target:
        return None
    return number / target * _HUNDRED


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """How a stage came out on the list of its data year: counties by code."""

    counts: Mapping[str, int]
    risen_as_named: Sequence[str]
    not_risen: Sequence[str]
    risen_unnamed: Sequence[str]
    fallen: Sequence[str]
    unlisted: Sequence[str]


def stage_outcome(
    classes: Sequence[str],
    before: Mapping[str, str],
    planned: Mapping[str, str],
    listed: Mapping[str, str],
    counties: Sequence[str],
) -> StageOutcome:
    """Compare the classes planned after a stage with those on the list.

    `before` are the classes the plan has the counties in before the stage. A county named to rise that stands
    in its class or a better one has risen as named; who is better than planned without being named rose unnamed.
    """
    order = {name: place for place, name in enumerate(classes)}
    named = {code for code in planned if planned[code] != before.get(code)}
    found = {code: listed[code] for code in counties if listed.get(code) in order}

    def level(code: str, places: Mapping[str, str]) -> int:
        return order[places[code]]

    return StageOutcome(
        counts={name: sum(held == name for held in found.values()) for name in classes},
        risen_as_named=[
            c
            for c in counties
            if c in named and c in found and level(c, found) <= level(c, planned)
        ],
        not_risen=[
            c for c in counties if c in named and c in found and level(c, found) > level(c, planned)
        ],
        risen_unnamed=[
            c
            for c in counties
            if c not in named
            and c in found
            and c in planned
            and level(c, found) < level(c, planned)
        ],
        fallen=[
            c for c in counties if c in found and c in before and level(c, found) > level(c, before)
        ],
        unlisted=[c for c in counties if c not in found],
    )
