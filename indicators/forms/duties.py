"""The responsibility table as a form: two cells of unit names for each indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indicators.actions.duties import PROVIDERS, RESPONSIBLE, DutyInput
from indicators.selectors.duties import DutyLine, duties_fingerprint

SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One indicator's line, as stored or as typed."""

    line: DutyLine
    responsible: str
    providers: str
    is_default: bool = False
    error: str = ""

    @property
    def code(self) -> str:
        """The indicator's code, which names its fields."""
        return self.line.indicator.code


@dataclass(frozen=True, slots=True)
class DutyForm:
    """The table with what it said when it was drawn."""

    rows: Sequence[DutyRow]
    seen: str

    @classmethod
    def of(cls, lines: Sequence[DutyLine]) -> "DutyForm":
        """The table as stored."""
        return cls([_stored(line) for line in lines], duties_fingerprint(lines))

    @classmethod
    def read(cls, lines: Sequence[DutyLine], data: Mapping[str, str]) -> "DutyForm":
        """The table as posted; lines that were not posted stay as stored."""
        rows = [
            DutyRow(
                line,
                data.get(f"{RESPONSIBLE}-{line.indicator.code}", SEPARATOR.join(line.responsible)),
                data.get(f"{PROVIDERS}-{line.indicator.code}", SEPARATOR.join(line.providers)),
                is_default=f"default-{line.indicator.code}" in data,
            )
            for line in lines
        ]
        return cls(rows, data.get("seen", ""))

    @property
    def typed(self) -> dict[str, DutyInput]:
        """What the action takes."""
        return {
            row.code: DutyInput(row.responsible, row.providers, row.is_default) for row in self.rows
        }

    def refused(self, field: str, sentence: str) -> "DutyForm":
        """The same with the refusal at its line."""
        code = field.rpartition("-")[2]
        rows = [replace(row, error=sentence) if row.code == code else row for row in self.rows]
        return DutyForm(rows, self.seen)


def _stored(line: DutyLine) -> DutyRow:
    return DutyRow(line, SEPARATOR.join(line.responsible), SEPARATOR.join(line.providers))
