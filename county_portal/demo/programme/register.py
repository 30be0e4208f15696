"""The 27 counties known to be pilots, in the two batches the demonstration puts them in."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from county_portal.common.province_files import read_province_json


@dataclass(frozen=True, slots=True)
class PilotCounty:
    """One of them; `character` chooses the words of its plan: industry, agriculture or urban."""

    code: str
    name: str
    prefecture: str
    character: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Counties taken up together; which counties and when is a supplement of the demonstration."""

    number: int
    year: int
    opens_on: date
    starts_on: date
    ends_on: date
    counties: tuple[PilotCounty, ...]
    refused: tuple[str, ...]  # codes of counties that applied and were not chosen


@cache
def load_batches() -> tuple[Batch, ...]:
    """The first and the second."""
    document = read_province_json("demo/pilot-counties.json")
    return tuple(
        Batch(
            number=entry["batch"],
            year=entry["year"],
            opens_on=date.fromisoformat(entry["opens_on"]),
            starts_on=date.fromisoformat(entry["starts_on"]),
            ends_on=date.fromisoformat(entry["ends_on"]),
            refused=tuple(entry["refused"]),
            counties=tuple(PilotCounty(**county) for county in entry["counties"]),
        )
        for entry in document["batches"]
    )
