"""Absent figures: a blank is not a zero, so every treatment is the scheme's and leaves a flag.

S3 leaves the 2020 target of one row blank and prints the 2019 score again: carried forward.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.numbers import fixed, quantum
from scoring.engine.types import (
    Absence,
    AbsenceTreatment,
    Derivation,
    Figure,
    Flag,
    Indicator,
    Measure,
    Step,
)

_FLAGS = {
    Absence.MISSING: Flag.MISSING,
    Absence.NOT_APPLICABLE: Flag.NOT_APPLICABLE,
    Absence.QUALITATIVE: Flag.QUALITATIVE,
}


@dataclass(frozen=True, slots=True)
class AbsenceDerivation:
    """Why there was no figure and what stood in for it; `basis` derives a carried score."""

    absence: Absence
    score: Decimal
    carried_year: int | None = None
    basis: Derivation | None = None

    @property
    def _reason(self) -> str:
        if self.carried_year is None:
            return f"{self.absence.label}，按0分计"
        return f"{self.absence.label}，沿用{self.carried_year}年数据"

    @property
    def text(self) -> str:
        if self.basis is None:
            return f"{self._reason}，得{fixed(self.score)}分"
        return f"{self._reason}：{self.basis.text}"

    @property
    def steps(self) -> tuple[Step, ...]:
        reason = Step("absence", "缺数说明", self._reason)
        if self.basis is None:
            return reason, Step("rounded", "得分", fixed(self.score))
        return reason, *self.basis.steps

    @property
    def exact(self) -> Fraction:
        return Fraction(0) if self.basis is None else self.basis.exact


def score_absent(
    indicator: Indicator,
    figure: Figure,
    absence: Absence,
    places: int,
    scorer: Callable[[Measure], tuple[Decimal, tuple[Flag, ...], Derivation]],
) -> tuple[Decimal, tuple[Flag, ...], Derivation]:
    """Score a figure that is not there, as the scheme says; `scorer` scores a carried measure."""
    flag = _FLAGS[absence]
    if indicator.absence.treatment(absence) is AbsenceTreatment.CARRY_FORWARD:
        if figure.carried is not None:
            score, flags, basis = scorer(figure.carried.measure)
            derivation = AbsenceDerivation(absence, score, figure.carried.year, basis)
            return score, (flag, Flag.CARRIED_FORWARD, *flags), derivation
        zero = Decimal(0).quantize(quantum(places))
        return zero, (flag, Flag.NOTHING_TO_CARRY), AbsenceDerivation(absence, zero)
    zero = Decimal(0).quantize(quantum(places))
    return zero, (flag,), AbsenceDerivation(absence, zero)
