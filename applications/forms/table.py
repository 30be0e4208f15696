"""The 31-row table as a form: what was typed, what is wrong with it, what others saved meanwhile.

Not a Django form: a row has four figures, parts of a ratio, a ★, words and a reason, and errors belong to cells.
Names are stable: v-7-2026 is row 7's figure of 2026, n-7 and d-7 the parts of last year's ratio.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self

from django.http import QueryDict

from applications.actions.table import LineInput
from applications.forms.table_reading import (
    Typed,
    stored_typing,
    typed_of_post,
    understood,
)
from applications.rules.gaps import Gap
from applications.selectors.history import KnownFigure
from applications.selectors.table import Table, TableLine
from county_portal.common.two_writers import differ
from indicators.enums import IndicatorKind

STAR, NO_REVISION = "star", -1
_RELATIVE = ("上年数值", "今年目标", "明年目标", "后年目标")


@dataclass(frozen=True, slots=True)
class FigureField:
    """One field of a figure as the page draws it."""

    name: str
    text: str
    label: str  # 今年目标（2026）
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class FormLine:
    """One row of the form."""

    line: TableLine
    typed: Typed
    base: str
    errors: Mapping[str, str] = field(default_factory=dict)  # by field name
    theirs: Typed | None = None
    gaps: Sequence[Gap] = ()
    known: KnownFigure | None = None
    past: Mapping[int, Decimal] = field(default_factory=dict)  # what facts know of the years before

    @property
    def order(self) -> int:
        """By which fields are named."""
        return self.line.order

    @property
    def is_rate(self) -> bool:
        """Whether last year's figure may be given by its parts."""
        return self.line.row.kind == IndicatorKind.RATE

    @property
    def is_qualitative(self) -> bool:
        """Whether words are the answer."""
        return self.line.row.kind == IndicatorKind.QUALITATIVE

    @property
    def takes_star(self) -> bool:
        """Whether the county may choose it."""
        return not (self.line.row.is_designated or self.line.row.is_own)

    @property
    def cells(self) -> list[FigureField]:
        """The four figures: last year's first."""
        return [
            FigureField(
                name := f"v-{self.order}-{year}",
                self.typed.figures.get(year, ""),
                f"{words}（{year}）",
                [self.errors[name]] if name in self.errors else [],
            )
            for words, year in zip(_RELATIVE, self.line.years, strict=True)
        ]

    @property
    def parts(self) -> list[FigureField]:
        """Numerator and denominator of last year's ratio."""
        row = self.line.row
        return [
            FigureField(
                name := f"{prefix}-{self.order}",
                text,
                label,
                [self.errors[name]] if name in self.errors else [],
            )
            for prefix, text, label in (
                ("n", self.typed.numerator, row.numerator_label),
                ("d", self.typed.denominator, row.denominator_label),
            )
        ]

    @property
    def part_units(self) -> list[tuple[FigureField, str]]:
        """The same with their units."""
        indicator = self.line.indicator
        units = (indicator.numerator_unit, indicator.denominator_unit) if indicator else ("", "")
        return list(zip(self.parts, units, strict=True))

    @property
    def are_parts_open(self) -> bool:
        """Whether the parts are to be shown at once: where one of them, or the ratio beside them, is refused."""
        return self.is_rate and any(each.sentences for each in (self.cells[0], *self.parts))

    @property
    def division(self) -> str:
        """The parts as typed, in one phrase; blank without any."""
        above, below = self.typed.numerator.strip(), self.typed.denominator.strip()
        return f"{above or '空'}÷{below or '空'}" if above or below else ""

    @property
    def words_fault(self) -> str:
        """What is wrong with the words."""
        return self.errors.get(f"w-{self.order}", "")

    @property
    def reason_fault(self) -> str:
        """What is wrong with the reason."""
        return self.errors.get(f"r-{self.order}", "")

    @property
    def computed(self) -> Decimal | None:
        """Last year's ratio as its stored parts make it, where it was not typed itself."""
        last = self.line.figures.get(self.line.years[0])
        return last.number if last and last.numerator is not None and not last.text else None

    @property
    def numbers(self) -> list[tuple[Decimal | None, int]]:
        """The stored figures with their years, to be read."""
        cells = self.line.row.cells
        return [(cells[year].number if year in cells else None, year) for year in self.line.years]

    @property
    def asks_reason(self) -> bool:
        """Whether something of the row is to be explained, or was."""
        return bool(self.typed.reason) or any(gap.code in EXPLAINED for gap in self.gaps)

    @property
    def doubts(self) -> list[Gap]:
        """What the row is told beside it; a blank cell says itself that it is blank."""
        return [gap for gap in self.gaps if gap.code not in _BLANKS]

    @property
    def unsaved(self) -> str:
        """Whether what is shown is not what is stored, and whether a colleague's saving is to be chosen against."""
        if self.theirs:
            return "choose"
        is_stored = self.typed.fingerprint == stored_typing(self.line).fingerprint
        return "" if is_stored else "typed"

    @property
    def fields(self) -> dict[str, str]:
        """The row's fields with their texts, but for the ★."""
        if self.is_qualitative:
            return {f"w-{self.order}": self.typed.words}
        parts = self.parts if self.is_rate else []
        figures = {each.name: each.text for each in (*self.cells, *parts)}
        return figures | {f"r-{self.order}": self.typed.reason}

    @property
    def state(self) -> str:
        """Class of the row."""
        if self.errors or self.theirs:
            return "failed"
        return "warned" if self.doubts else "saved"


# Gaps that anybody sees in the row itself.
_BLANKS = frozenset({"figure_missing", "words_missing"})
# Gaps that a reason closes.
EXPLAINED = frozenset(
    {"target_worse_than_baseline", "target_not_monotone", "jump", "share_over_hundred"}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the error summary."""

    target: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TableForm:
    """All rows, with the revision they were read at."""

    revision: int
    lines: Sequence[FormLine]
    entered: Mapping[int, LineInput] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Self:
        """The form as it opens: what is stored."""
        lines = [
            FormLine(line, typed := stored_typing(line), typed.fingerprint) for line in table.lines
        ]
        return cls(table.revision, lines)

    @classmethod
    def read(cls, table: Table, posted: QueryDict) -> Self:
        """The form as posted; a row none of whose fields came is left as stored."""
        lines, entered = [], {}
        data = {name: str(posted[name]) for name in posted}
        stars = set(posted.getlist(STAR))
        for line in table.lines:
            if f"b-{line.order}" not in data:
                typed = stored_typing(line)
                lines.append(FormLine(line, typed, typed.fingerprint))
                continue
            typed = typed_of_post(line, data, stars)
            made, errors = understood(line, typed)
            lines.append(FormLine(line, typed, data[f"b-{line.order}"], errors))
            entered[line.order] = made
        text = data.get("revision", "")
        is_number = text.isascii() and text.isdigit()
        return cls(int(text) if is_number else NO_REVISION, lines, entered)

    def merged_with(self, table: Table) -> Self:
        """The same typing over what has been stored meanwhile.

        A row only others touched takes theirs; one touched on both sides keeps mine and shows theirs.
        """
        mine = {line.order: line for line in self.lines}
        lines = [_merged(line, mine.get(line.order)) for line in table.lines]
        entered = {each.order: understood(each.line, each.typed)[0] for each in lines}
        return replace(self, revision=table.revision, lines=lines, entered=entered)

    def in_order(self) -> dict[int, LineInput]:
        """Of the rows that were posted, those that can be read and in which nobody else saved something different."""
        stored = {each.order: stored_typing(each.line).fingerprint for each in self.lines}
        return {
            each.order: self.entered[each.order]
            for each in self.lines
            if each.order in self.entered
            and not each.errors
            and stored[each.order] in {each.base, each.typed.fingerprint}
        }

    def explained(
        self,
        gaps: Sequence[Gap],
        known: Mapping[str, KnownFigure] | None = None,
        past: Mapping[str, Mapping[int, Decimal]] | None = None,
    ) -> Self:
        """The form with what is missing or doubtful beside each row, and what facts know of last year and before."""
        by_place: dict[str, list[Gap]] = {}
        for gap in gaps:
            by_place.setdefault(gap.place, []).append(gap)
        lines = [
            replace(
                each,
                gaps=by_place.get(f"row-{each.order}", []),
                known=(known or {}).get(each.line.row.code),
                past=_before(each.line, (past or {}).get(each.line.row.code, {})),
            )
            for each in self.lines
        ]
        return replace(self, lines=lines)

    @property
    def given(self) -> list[FormLine]:
        """The guideline's rows."""
        return [each for each in self.lines if not each.line.row.is_own]

    @property
    def own(self) -> list[FormLine]:
        """The county's own rows."""
        return [each for each in self.lines if each.line.row.is_own]

    @property
    def starred(self) -> int:
        """How many are marked ★ as typed."""
        return sum(each.typed.is_starred for each in self.lines)

    @property
    def faults(self) -> list[Fault]:
        """All errors in table order, with the field each concerns."""
        return [
            Fault(name, sentence) for each in self.lines for name, sentence in each.errors.items()
        ]

    @property
    def differing(self) -> list[FormLine]:
        """Rows in which somebody else saved something different."""
        return [each for each in self.lines if each.theirs]


def _before(line: TableLine, past: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    return {year: past[year] for year in sorted(past) if year < line.years[0]}


def _merged(line: TableLine, mine: FormLine | None) -> FormLine:
    stored = stored_typing(line)
    if mine is None:
        return FormLine(line, stored, stored.fingerprint)
    own, now = mine.typed.fingerprint, stored.fingerprint
    typed = mine.typed if own != mine.base else stored
    theirs = stored if differ(own, base=mine.base, now=now) else None
    return FormLine(line, typed, now, theirs=theirs)
