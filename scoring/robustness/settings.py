"""What a study is told: how large the disturbances are, how many draws, what counts as a boundary case."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from scoring.engine.numbers import plain

DEFAULT_DRAWS = 1000


class Source(StrEnum):
    """Where a disturbance comes from; the values are stable and stand in stored reports."""

    WEIGHTS = "weights"
    ROUNDING = "rounding"
    WARNINGS = "warnings"
    PANEL = "panel"
    TOGETHER = "together"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Source.WEIGHTS: "权重",
    Source.ROUNDING: "数据尾数",
    Source.WARNINGS: "说明原因后通过的提示",
    Source.PANEL: "专家评分",
    Source.TOGETHER: "合并",
}
# Those that are drawn by themselves; each keeps its own stream of random numbers.
SINGLE = (Source.WEIGHTS, Source.ROUNDING, Source.WARNINGS, Source.PANEL)


@dataclass(frozen=True, slots=True)
class StudySettings:
    """Shares are fractions of one: weights 0.1 is ±10 %.

    `epsilon` is in points; a county is a boundary case within it of a class limit, or when its class
    changes in at least the share `threshold` of the draws. `warnings` is how far a flagged figure may be
    off where the warning itself compares it with nothing.
    """

    epsilon: Decimal = Decimal(1)
    weights: Decimal = Decimal("0.1")
    warnings: Decimal = Decimal("0.1")
    threshold: Decimal = Decimal("0.1")

    def as_json(self) -> dict[str, str]:
        """As stored with a study: numbers as text."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> "StudySettings":
        """Read back what `as_json` wrote."""
        return cls(**{each.name: Decimal(stored[each.name]) for each in fields(cls)})
