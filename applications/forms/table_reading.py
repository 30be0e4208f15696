"""One row of the 31-row table as typed, and as understood: every number by the one reader of numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.text import Truncator

from applications.actions.table import FigureInput, LineInput
from applications.selectors.history import ratio
from applications.selectors.table import TableLine
from county_portal.common.numbers import MAX_INTEGER_DIGITS, plain
from county_portal.common.text import clean_text, fingerprint
from indicators.enums import IndicatorKind
from indicators.rules import CellError, CellFigure, CellInput, CellSpec, read_cell

MAX_REASON, MAX_WORDS = 500, 4000
SUMMARY = 80
TOO_LARGE = Decimal(10) ** MAX_INTEGER_DIGITS


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as typed."""

    figures: Mapping[int, str] = field(default_factory=dict)
    numerator: str = ""
    denominator: str = ""
    is_starred: bool = False
    words: str = ""
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Short digest by which the form knows later whether a row was touched."""
        return fingerprint(
            [
                [[year, text.strip()] for year, text in sorted(self.figures.items())],
                *(self.numerator.strip(), self.denominator.strip()),
                *(self.is_starred, self.words, self.reason),
            ]
        )

    @property
    def summary(self) -> str:
        """The row in one phrase, for the comparison of two."""
        phrases = [f"{year}年{text}" for year, text in sorted(self.figures.items())]
        if self.numerator or self.denominator:
            phrases.append(f"分子{self.numerator or '空'}、分母{self.denominator or '空'}")
        phrases += ["★"] if self.is_starred else []
        phrases += [Truncator(text).chars(SUMMARY) for text in (self.words, self.reason) if text]
        return "，".join(phrases) or "（空）"


def stored_typing(line: TableLine) -> Typed:
    """A stored row as the form shows it again: what was typed; parts, and what facts gave, in plain digits."""
    last = line.figures.get(line.years[0])
    return Typed(
        figures={
            year: figure.text or ("" if figure.numerator is not None else plain(figure.number))
            for year, figure in line.figures.items()
        },
        numerator=plain(last.numerator) if last else "",
        denominator=plain(last.denominator) if last else "",
        is_starred=line.row.is_starred,
        words=line.row.words,
        reason=line.row.reason,
    )


def typed_of_post(line: TableLine, data: Mapping[str, str], stars: Collection[str]) -> Typed:
    names = {year: f"v-{line.order}-{year}" for year in line.years}
    figures = {year: data[name] for year, name in names.items() if data.get(name, "").strip()}
    return Typed(
        figures=figures,
        numerator=data.get(f"n-{line.order}", ""),
        denominator=data.get(f"d-{line.order}", ""),
        is_starred=str(line.order) in stars,
        words=_line_ends(data.get(f"w-{line.order}", "")),
        reason=_line_ends(data.get(f"r-{line.order}", "")),
    )


def _line_ends(text: str) -> str:
    # Browsers send \r\n for a stored \n: without this every text would look touched.
    try:
        return clean_text(text)
    except ValueError:
        return text


def understood(line: TableLine, typed: Typed) -> tuple[LineInput, dict[str, str]]:
    """A row as it would be stored, and what is wrong with it by field."""
    errors: dict[str, str] = {}
    row, last_year = line.row, line.years[0]
    figures = {
        year: FigureInput()
        if row.kind == IndicatorKind.QUALITATIVE
        else _figure(line, year, typed, errors)
        for year in line.years
    }
    if typed.numerator.strip() and typed.denominator.strip() and not errors:
        figures[last_year] = _computed(line, figures[last_year], errors)
    for prefix, label, text, most in (
        ("w", "情况说明", typed.words, MAX_WORDS),
        ("r", "原因说明", typed.reason, MAX_REASON),
    ):
        sentence = _refused_text(f"“{row.name}”的{label}", text, most)
        if sentence:
            errors[f"{prefix}-{line.order}"] = sentence
    made = LineInput(figures, typed.is_starred, typed.words, typed.reason)
    return made, errors


def _figure(line: TableLine, year: int, typed: Typed, errors: dict[str, str]) -> FigureInput:
    row, is_last = line.row, year == line.years[0]
    spec = CellSpec(
        code=str(line.order),
        name=f"{row.name}{year}年{'数值' if is_last else '目标'}",
        kind=row.kind if is_last else IndicatorKind.NUMBER,
        unit=row.unit,
        is_integer=bool(line.indicator and line.indicator.is_integer),
        numerator_label=row.numerator_label,
        denominator_label=row.denominator_label,
        factor=row.factor,
    )
    text = typed.figures.get(year, "")
    parts = (typed.numerator, typed.denominator) if is_last else ("", "")
    figure, wrong = read_cell(spec, CellInput(text, *parts))
    for error in wrong:
        errors.setdefault(_field(line, year, error), error.sentence)
    return FigureInput(figure.text, figure.number, *_parts(figure))


def _parts(figure: CellFigure) -> tuple[Decimal | None, Decimal | None]:
    if figure.numerator is None or not figure.denominator:
        return None, None
    return figure.numerator, figure.denominator


def _field(line: TableLine, year: int, error: CellError) -> str:
    prefix = {"numerator": "n", "denominator": "d"}.get(error.part)
    return f"{prefix}-{line.order}" if prefix else f"v-{line.order}-{year}"


def _computed(line: TableLine, figure: FigureInput, errors: dict[str, str]) -> FigureInput:
    """A ratio is what its parts make; one typed beside them must agree as far as it was written out."""
    if figure.numerator is None or figure.denominator is None:
        return figure
    exact = ratio(figure.numerator, figure.denominator, line.row.factor)
    name = f"v-{line.order}-{line.years[0]}"
    if exact >= TOO_LARGE:
        errors[f"d-{line.order}"] = (
            f"“{line.row.name}”按分子、分母算得的数过大，请核对分子、分母和单位。"
        )
    elif figure.number is not None and not _agree(figure.number, exact):
        errors[name] = (
            f"“{line.row.name}”填写的{plain(figure.number)}{line.row.unit}与分子÷分母算得的"
            f"{plain(exact)}{line.row.unit}不一致，请改为一致，或只填其中一种。"
        )
    return replace(figure, number=exact)


def _agree(typed: Decimal, exact: Decimal) -> bool:
    """Whether a typed ratio is the exact one, rounded as far as it was written out."""
    places = max(-int(typed.normalize().as_tuple().exponent), 0)
    return abs(typed - exact) <= Decimal(5).scaleb(-places - 1)


def _refused_text(label: str, text: str, most: int) -> str:
    try:
        clean_text(text)
    except ValueError:
        return f"{label}含有不可见的控制字符，请删去后重新输入。"
    return f"{label}有{len(text)}字，最多{most}字，请精简。" if len(text) > most else ""
