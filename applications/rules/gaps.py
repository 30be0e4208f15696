"""One thing that is missing or wrong, in words, with the place where it is put right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """`place` is the anchor of the field on the section's page: row-7, star, task-03 …"""

    section: str  # of Section
    place: str
    code: str
    sentence: str
