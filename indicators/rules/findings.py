"""What the rules say of figures that were accepted, and what is still missing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.enums import Absence, IndicatorKind, Severity
from indicators.rules.cells import CellFigure, CellSpec


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a figure that was accepted.

    `rule` is the code of the check rule, blank for what is merely missing; `reason` is the county's own
    explanation, if it gave one of exactly this sentence.
    """

    indicator: str
    code: str
    severity: Severity
    sentence: str
    rule: str = ""
    kind: str = ""
    name: str = ""
    reason: str = ""

    @property
    def digest(self) -> str:
        """By which a reason knows its finding: another figure gives another sentence."""
        return hashlib.sha256(self.sentence.encode()).hexdigest()

    @property
    def is_block(self) -> bool:
        """Whether it stops submission whatever is said about it."""
        return self.severity == Severity.BLOCK

    @property
    def lacks_reason(self) -> bool:
        """Whether a written reason is still owed before submission."""
        return bool(self.rule) and not self.is_block and not self.reason


def list_missing(
    specs: Sequence[CellSpec], figures: Mapping[str, CellFigure], items: Mapping[str, int]
) -> list[Finding]:
    """What still keeps a submission from being handed in, in table order."""
    return [finding for spec in specs for finding in _missing(spec, figures.get(spec.code), items)]


def _missing(
    spec: CellSpec, figure: CellFigure | None, items: Mapping[str, int]
) -> Iterable[Finding]:
    if figure is None or (figure.exact(spec.factor) is None and not figure.absence):
        if spec.kind == IndicatorKind.ITEMISED and items.get(spec.code):
            return
        asks = (
            "请填写情况说明"
            if spec.kind == IndicatorKind.QUALITATIVE
            else "请填写数值或选择缺报、不适用"
        )
        yield Finding(spec.code, "cell_blank", Severity.BLOCK, f"“{spec.name}”未填，{asks}。")
    elif figure.absence in {Absence.MISSING, Absence.NOT_APPLICABLE} and not figure.note:
        label = Absence(figure.absence).label
        yield Finding(
            spec.code,
            "absence_without_reason",
            Severity.BLOCK,
            f"“{spec.name}”为{label}，请在说明中写明原因。",
        )
