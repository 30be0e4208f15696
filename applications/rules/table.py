"""The 31-row table: S0 annex 2-1 and its note."""

from collections.abc import Sequence

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Materials


def missing_table(materials: Materials, stars: int) -> Sequence[Gap]:
    """Blank cells, a wrong number of ★, and whatever else stops the table."""
    marked = sum(row.is_starred for row in materials.rows)
    if marked == stars:
        return ()
    sentence = (
        f"自选考核指标须选{stars}项，现选{marked}项，请{'再选' if marked < stars else '取消'}"
        f"{abs(stars - marked)}项。"
    )
    return (Gap(Section.TABLE, "star", "star_count", sentence),)
