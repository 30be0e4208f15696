"""One scored line told from its figure to its points, the same on pages, in workbooks and in report cards.

Everything comes from what the run froze: nothing is computed again here, so what is told is what was scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from county_portal.common.numbers import plain
from scoring.engine.types import Figure, Flag, Measure
from scoring.improvements import Words
from scoring.origins import Origin

_DISPLAY = Decimal("0.01")
# Steps said elsewhere: the figure at the top, the points at the end.
_SAID = {"value", "rounded"}
# Labels of steps that a table gives columns of their own.
_BESIDE = {"计算", "比值"}


@dataclass(frozen=True, slots=True)
class Explained:
    """What was scored, where it came from, and the way to the points."""

    value: str  # as displayed, with its unit; an absence in words
    operands: tuple[tuple[str, str], ...]  # name and number of each side of a ratio
    steps: tuple[tuple[str, str], ...]  # label and text, without the value and the points
    origin: Origin

    @property
    def basis(self) -> str:
        """The steps in one cell, without the arithmetic and the ratio, which stand beside it."""
        return "；".join(f"{label}：{text}" for label, text in self.steps if label not in _BESIDE)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing between the figure and the points."""
        return bool(self.steps) and self.origin.is_complete


def explain(
    figure: Figure,
    flags: Sequence[str],
    steps: Sequence[Sequence[str]],
    words: Words,
    origin: Origin,
) -> Explained:
    """Put one line together; `flags` and `steps` as stored with it."""
    measure = scored_measure(figure, flags)
    return Explained(
        value=value_text(figure, measure, words.unit),
        operands=operands(measure, words),
        steps=tuple((label, text) for name, label, text in steps if name not in _SAID),
        origin=origin,
    )


def scored_measure(figure: Figure, flags: Sequence[str]) -> Measure:
    """What was scored: the figure itself, or the one of an earlier year that stood in for it."""
    if Flag.CARRIED_FORWARD in flags and figure.carried is not None:
        return figure.carried.measure
    return figure.measure


def exact_value(measure: Measure) -> Decimal | None:
    """The unrounded value; for a list of items their number."""
    if measure.items:
        return Decimal(len(measure.items))
    if measure.numerator is not None and measure.denominator:
        return measure.numerator * measure.factor / measure.denominator
    return measure.value


def value_text(figure: Figure, measure: Measure, unit: str) -> str:
    """As displayed: two decimals at most, absences in words."""
    if figure.absence is not None and not figure.measure.panel:
        return figure.absence.label
    exact = exact_value(measure)
    if exact is None:
        return "专家评分" if measure.panel else "—"
    return plain(exact.quantize(_DISPLAY, ROUND_HALF_UP)) + unit


def operands(measure: Measure, words: Words) -> tuple[tuple[str, str], ...]:
    """Both sides of a ratio with their names and units; nothing where only a value was given."""
    if measure.numerator is None or measure.denominator is None:
        return ()
    return (
        (words.numerator or "分子", plain(measure.numerator) + words.numerator_unit),
        (words.denominator or "分母", plain(measure.denominator) + words.denominator_unit),
    )
