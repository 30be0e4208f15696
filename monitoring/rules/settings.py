"""Thresholds and timetable of a province's warnings, from its `warnings.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoring.enums import Severity, Stage

_NAMES = {
    "notice": Severity.NOTICE,
    "warning": Severity.WARNING,
    "severe": Severity.SEVERE,
}
_STAGES = {"county": Stage.COUNTY, "city": Stage.CITY, "province": Stage.PROVINCE}
_MISSING_OF = {"every": True, "reporting": False}
FORMAT = "county-portal/warnings/1"


@dataclass(frozen=True, slots=True)
class WarningSettings:
    """When to raise, and how long each has.

    `target_tolerance` in per cent of the target, `path_tolerance` in per cent of a year's way, `class_percent`
    in per cent of draws below the present class, `jump_spreads` in spreads from the middle; the rest in days.
    """

    target_tolerance: Decimal
    path_tolerance: Decimal
    class_percent: Mapping[Severity, Decimal]
    jump_spreads: Decimal
    missing_days: Mapping[Severity, int]
    # Whether a county that has not begun to report the year's months is warned of each lacking one.
    warns_silent: bool
    answer_days: Mapping[Severity, int]
    city_days: Mapping[Severity, int]
    copies: Mapping[Severity, tuple[Stage, ...]]


def read_settings(document: Mapping[str, Any]) -> WarningSettings:
    """Raises ValueError for another format, KeyError for what is lacking."""
    if document["format"] != FORMAT:
        raise ValueError(f"{document['format']} is not {FORMAT}.")
    return WarningSettings(
        target_tolerance=Decimal(document["target_tolerance"]),
        path_tolerance=Decimal(document["path_tolerance"]),
        class_percent={_NAMES[k]: Decimal(v) for k, v in document["class_percent"].items()},
        jump_spreads=Decimal(document["jump_spreads"]),
        missing_days=_days(document["missing_days"]),
        warns_silent=_MISSING_OF[document["missing_of"]],
        answer_days=_days(document["answer_days"]),
        city_days=_days(document["city_days"]),
        copies={
            _NAMES[name]: tuple(_STAGES[stage] for stage in stages)
            for name, stages in document["copies"].items()
        },
    )


def _days(named: Mapping[str, int]) -> dict[Severity, int]:
    return {severity: int(named[name]) for name, severity in _NAMES.items()}
