"""In which class each county stands after each stage, as far as the plan says; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from uplift.rules.text import PlanText


@dataclass(frozen=True, slots=True)
class Place:
    """A county said to start a stage elsewhere than it stands; or, without `held`, more starters than there is room."""

    county: str
    stage: str
    said: str
    held: str = ""
    room: int = 0
    named: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Starting classes by county, the classes after each stage, and what contradicts them."""

    starts: Mapping[str, str]
    after: Sequence[Mapping[str, str]]
    faults: Sequence[Place] = field(default=())

    def at(self, stage: int) -> Mapping[str, str]:
        """Class by county after the stage of this place; before the first for -1."""
        return self.starts if stage < 0 else self.after[stage]


def places_of(text: PlanText, counties: Mapping[str, str]) -> Places:
    """Follow every named county from stage to stage.

    A county that is nowhere named is taken to be in the one class whose base count the named ones leave open;
    where they leave several open nothing is said of it.
    """
    starts, faults = _named_starts(text)
    for name, named in Counter(starts.values()).items():
        room = text.heading.base_counts.get(name, 0)
        if named > room:
            faults.append(Place("", "", name, room=room, named=named))
    unnamed = [code for code in counties if code not in starts]
    left = Counter(text.heading.base_counts) - Counter(starts.values())
    open_classes = [name for name, room in left.items() if room > 0]
    if len(open_classes) == 1 and left[open_classes[0]] == len(unnamed):
        starts |= dict.fromkeys(unnamed, open_classes[0])
    after, held = [], dict(starts)
    for stage in text.stages:
        held = held | {move.county: move.after for move in stage.moves}
        after.append(held)
    return Places(starts, after, faults)


def _named_starts(text: PlanText) -> tuple[dict[str, str], list[Place]]:
    starts: dict[str, str] = {}
    held: dict[str, str] = {}
    faults: list[Place] = []
    for stage in text.stages:
        moved: dict[str, str] = {}
        for move in stage.moves:
            starts.setdefault(move.county, move.before)
            standing = held.get(move.county, move.before)
            if standing != move.before:
                faults.append(Place(move.county, stage.name, move.before, standing))
            moved[move.county] = move.after
        held |= moved
    return starts, faults


def aimed_class(text: PlanText, places: Places, county: str, data_year: int) -> str:
    """The class a county works for with the figures of a data year; blank where the plan does not say.

    That of the first stage not before this year; beyond the plan's last stage there is none.
    """
    for number, stage in enumerate(text.stages):
        if stage.data_year >= data_year:
            return places.at(number).get(county, "")
    return ""
