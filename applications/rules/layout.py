"""区域布局: what a selection tried out would mean for the cities of the province. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """Beyond how many in one city a flag is set, and of which: those chosen now, or with those that stand already.

    Whoever tries a selection out says both. S0 三(一) asks to choose 在不同地区 with regard to 区域布局 and names no
    number; S4 二 gives every 市（州） one or two of all there are. The number two is supplemented.
    """

    most: int = 2
    is_whole: bool = False

    @property
    def words(self) -> str:
        """What a flag says."""
        counted = "连同现有试点" if self.is_whole else "本批拟选"
        return f"{counted}超过{self.most}个"


@dataclass(frozen=True, slots=True)
class CityLayout:
    """One city: its candidates, how many are chosen, pilots it has already."""

    name: str
    candidates: int
    chosen: int
    present: int
    bound: Bound

    @property
    def whole(self) -> int:
        """Pilots it would have, old and new."""
        return self.present + self.chosen

    @property
    def is_crowded(self) -> bool:
        """Whether what is chosen brings it beyond the bound; where nothing is chosen there is nothing to weigh."""
        counted = self.whole if self.bound.is_whole else self.chosen
        return self.chosen > 0 and counted > self.bound.most

    @property
    def is_passed_over(self) -> bool:
        """Whether it has candidates and none is chosen."""
        return self.candidates > 0 and self.chosen == 0

    @property
    def is_blank(self) -> bool:
        """Whether it would have no pilot at all, old or new."""
        return self.chosen == 0 and self.present == 0

    @property
    def flags(self) -> list[tuple[str, str]]:
        """What to look at: words and tone."""
        found = []
        if self.is_crowded:
            found.append((self.bound.words, "danger"))
        if self.is_passed_over:
            found.append(("有候选未选", "warning"))
        if self.is_blank:
            found.append(("无试点", "info"))
        return found


def layout_of(
    cities: Sequence[str],
    candidates: Iterable[tuple[int, str]],
    chosen: Collection[int],
    present: Iterable[str],
    bound: Bound,
) -> list[CityLayout]:
    """City by city; `candidates` are (key, city), `present` the city of each pilot under way."""
    rows = list(candidates)
    offered = Counter(city for _, city in rows)
    picked = Counter(city for key, city in rows if key in chosen)
    standing = Counter(present)
    return [CityLayout(each, offered[each], picked[each], standing[each], bound) for each in cities]
