"""The yearly evaluation's class of a region: asked here, answered by composition, as `scoring` is a neighbour."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from county_portal.accounts.models import Region


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The class of the newest published list a region is on."""

    class_name: str
    rank: int | None
    data_year: int
    url: str = ""


Source = Callable[[Iterable[Region]], Mapping[int, Evaluated]]

_source: list[Source] = []


def register(source: Source) -> None:
    """Called once, when Django starts, by who may see both sides."""
    _source[:] = [source]


def latest_classes(regions: Iterable[Region]) -> Mapping[int, Evaluated]:
    """By region; without those on no list. Empty where no evaluation is installed."""
    return _source[0](regions) if _source else {}
