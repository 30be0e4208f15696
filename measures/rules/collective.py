"""What a province's texts call many offices by (各市政府), and how its register names them; from its data file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from county_portal.accounts.roles import Level
from county_portal.common.province_files import province_file

UNITS_FILE = "measures/units.json"


@dataclass(frozen=True, slots=True)
class Naming:
    """`collectives`: words → the level of the regions meant; `without`: codes of regions named by themselves."""

    collectives: Mapping[str, Level] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    offices: Sequence[Mapping[str, str]] = ()
    government_name: str = "{region}人民政府"
    government_short: str = "{region}政府"


@lru_cache(maxsize=4)
def read_naming(province: str = "") -> Naming:
    """A province's own; one without a file has no collective words."""
    try:
        path = province_file(UNITS_FILE, province)
    except FileNotFoundError:
        return Naming()
    plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    governments = plain["governments"]
    return Naming(
        collectives={row["words"]: Level(row["level"]) for row in plain["collectives"]},
        without=frozenset(governments["without"]),
        offices=plain["offices"],
        government_name=governments["name"],
        government_short=governments["short_name"],
    )
