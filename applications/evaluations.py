"""The yearly evaluation's class of a region: asked here, answered by composition, as `scoring` is a neighbour."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from county_portal.accounts.models import Region


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The class a region has on a published list."""

    class_name: str
    rank: int | None
    data_year: int
    url: str = ""


Source = Callable[[Iterable[Region], datetime | None], Mapping[int, Evaluated]]

_source: list[Source] = []


def register(source: Source) -> None:
    """Called once, when Django starts, by who may see both sides."""
    _source[:] = [source]


def latest_classes(
    regions: Iterable[Region], on: datetime | None = None
) -> Mapping[int, Evaluated]:
    """By region, of the newest list published (up to `on`); without those on no list.

    Empty where no evaluation is installed.
    """
    return _source[0](regions, on) if _source else {}
