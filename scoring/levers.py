"""What a county can move, and what moving it scores: one quantity may stand behind several indicators.

The number of 高新技术企业 is one line of the table and the numerator of another: whoever adds an enterprise adds it
to both. So options are made for quantities (levers), not for indicators, and each carries the figures of all its lines.
Of a ratio only the numerator is a lever; the denominator is held, or what the reader expects it to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import (
    Absence,
    CompletionRule,
    Figure,
    Indicator,
    ItemisedRule,
    Measure,
    PanelRule,
    PiecewiseRule,
)
from scoring.ground import Ground
from scoring.improvements import COUNTED, direction, knots, scored_measure

_ZERO = Decimal(0)
_FINEST, _COARSEST = -2, 0  # exponents of the steps in which a quantity that is not counted moves
_STEPS = 3  # a quantity moves in about a thousandth of its range


@dataclass(frozen=True, slots=True)
class Lever:
    """One quantity and the indicators it moves; `now` None where nothing was reported yet."""

    codes: tuple[str, ...]
    label: str
    unit: str
    now: Decimal | None
    rises: bool  # whether more of it brings points
    step: Decimal
    farthest: Decimal  # where it brings no more points
    is_numerator: bool

    @property
    def key(self) -> str:
        """The code of its first indicator, which names it in forms."""
        return self.codes[0]

    @property
    def start(self) -> Decimal:
        """Where it stands; nothing reported is counted from 0."""
        return _ZERO if self.now is None else self.now


def quantity_levers(ground: Ground) -> tuple[Lever, ...]:
    """Quantities behind piecewise lines that the county can still move, in table order."""
    found: dict[tuple[object, ...], list[_Part]] = {}
    with exact_arithmetic():
        for indicator in ground.indicators.values():
            part = _part(ground, indicator)
            if part:
                found.setdefault(part.quantity, []).append(part)
    return tuple(_lever(parts) for parts in found.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """One indicator's share in a lever."""

    code: str
    label: str
    unit: str
    now: Decimal | None
    rises: bool
    farthest: Decimal
    is_numerator: bool
    fact: int | None

    @property
    def quantity(self) -> tuple[object, ...]:
        """Equal for parts that are one quantity: the same fact, stated alike."""
        if self.fact is None or self.now is None:
            return (self.code,)
        return self.fact, self.now, self.rises


def _part(ground: Ground, indicator: Indicator) -> _Part | None:
    code, rule, figure = indicator.code, indicator.rule, ground.figures[indicator.code]
    if immovable(indicator, figure) or not isinstance(rule, PiecewiseRule | CompletionRule):
        return None
    words, spec = ground.words[code], ground.specs[code]
    measure, rises = scored_measure(indicator, figure), direction(rule) > 0
    knot = knots(rule, measure)[-1]
    if measure is None:
        return _Part(code, indicator.name, words.unit, None, rises, knot, False, None)  # noqa: FBT003 -- a value, not a numerator
    ratio = is_ratio(measure)
    return _Part(
        code=code,
        label=words.numerator if ratio else indicator.name,
        unit=words.numerator_unit if ratio else words.unit,
        now=measure.numerator if ratio else measure.value,
        rises=rises,
        farthest=numerator_for(measure, knot) if ratio else knot,
        is_numerator=ratio,
        fact=spec.numerator_fact if ratio else spec.fact,
    )


def _lever(parts: Sequence[_Part]) -> Lever:
    first = parts[0]
    pick = max if first.rises else min
    farthest = pick(part.farthest for part in parts)
    step = _step(first.unit, max(abs(farthest), first.now or _ZERO))
    return Lever(
        codes=tuple(part.code for part in parts),
        label=first.label,
        unit=first.unit,
        now=first.now,
        rises=first.rises,
        step=step,
        farthest=snapped(farthest, step, up=first.rises),
        is_numerator=first.is_numerator,
    )


def is_ratio(measure: Measure) -> bool:
    """Whether the numerator is what moves: both sides are known and the lower one is not 0."""
    return measure.numerator is not None and bool(measure.denominator)


def numerator_for(measure: Measure, value: Decimal) -> Decimal:
    """The numerator at which a ratio has a value, its denominator held. Call inside `exact_arithmetic`."""
    return value * (measure.denominator or _ZERO) / measure.factor


def _step(unit: str, size: Decimal) -> Decimal:
    """Whole things where things are counted, else a round step of about a thousandth of the range."""
    if unit in COUNTED:
        return Decimal(1)
    exponent = (size.adjusted() if size else 0) - _STEPS
    return Decimal(1).scaleb(min(_COARSEST, max(_FINEST, exponent)))


def snapped(number: Decimal, step: Decimal, *, up: bool) -> Decimal:
    """The next multiple of a lever's step."""
    return number.quantize(step, ROUND_CEILING if up else ROUND_FLOOR)


def immovable(indicator: Indicator, figure: Figure) -> str:
    """Why a line is left out of what can be computed, in words; blank where it is not."""
    rule = indicator.rule
    if isinstance(rule, PanelRule):
        return f"由专家评分，满分{plain(rule.maximum)}分，不作测算"
    if figure.absence in {Absence.NOT_APPLICABLE, Absence.QUALITATIVE}:
        return f"本项{figure.absence.label}，不作测算"
    if isinstance(rule, ItemisedRule):
        return ""
    measure = scored_measure(indicator, figure)
    if not isinstance(rule, PiecewiseRule | CompletionRule) or not knots(rule, measure):
        return "本项随其他县或按算式计分，不作单项测算，可在设想方案中试算"
    return "本项缺报、越低越好，补报后才能测算" if measure is None and direction(rule) < 0 else ""
