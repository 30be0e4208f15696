"""A county's answers to what a plan expects, as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from county_portal.common.numbers import plain
from uplift.actions.expectations import Answer
from uplift.forms.rows import Cell
from uplift.selectors.expectations import Expected, ExpectedLine

MAX_REASON = 500


@dataclass(slots=True)
class AnswerRow:
    """One indicator: the number is typed only where the county has set none."""

    line: ExpectedLine
    number: Cell
    reason: Cell

    @property
    def faults(self) -> list[Cell]:
        """What is wrong with it."""
        return [cell for cell in (self.number, self.reason) if cell.fault]


@dataclass(slots=True)
class ExpectationsForm:
    """All of them; an open line begins with the class's target."""

    expected: Expected
    seen: str
    rows: list[AnswerRow] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @classmethod
    def of(cls, expected: Expected) -> "ExpectationsForm":
        """Proposals where nothing is set."""
        return cls(expected, expected.fingerprint, [_row(line) for line in expected.lines])

    @classmethod
    def read(cls, expected: Expected, data: Mapping[str, str]) -> "ExpectationsForm":
        """What was typed; a blank number leaves a line open."""
        form = cls(expected, data.get("seen", ""), [_row(line) for line in expected.lines])
        for row in form.rows:
            row.number.text = data.get(row.number.name, "")
            row.reason.text = data.get(row.reason.name, "")
            indicator = row.line.indicator
            number = (
                row.number.number(indicator.unit, integer=indicator.is_integer)
                if row.line.own is None
                else None
            )
            reason = row.reason.words(MAX_REASON)
            if not row.faults:
                form.answers.append(Answer(indicator.code, number, reason))
        return form

    @property
    def faults(self) -> list[Cell]:
        """Every cell with a fault."""
        return [cell for row in self.rows for cell in row.faults]

    def blame(self, name: str, sentence: str) -> None:
        """Put a refusal beside the input it names."""
        for row in self.rows:
            for cell in (row.number, row.reason):
                if cell.name == name:
                    cell.fault = sentence


def _row(line: ExpectedLine) -> AnswerRow:
    code, name = line.indicator.code, line.indicator.name
    return AnswerRow(
        line,
        Cell(f"n-{code}", f"{name}本县目标", plain(line.expected)),
        Cell(f"r-{code}", f"{name}原因", line.answer.reason if line.answer else ""),
    )
