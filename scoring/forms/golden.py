"""A golden case typed in: figures and expected points by indicator."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField
from scoring.engine.types import Absence, CountyFigures, Figure
from scoring.forms.schemes import TryForm, number_of
from scoring.schemes.documents import Document
from scoring.schemes.golden import Case, Expected
from scoring.schemes.sheet import SystemIndicator

# A case is of nobody in particular; the engine wants a code.
_COUNTY = "000000"


class CaseForm(forms.Form):
    """What a case is called, and the expectations for the whole."""

    name = CleanCharField(
        label="用例名称", max_length=120, error_messages={"required": "请填写用例名称。"}
    )
    source = CleanCharField(
        label="出处",
        required=False,
        max_length=300,
        help_text="写明应得分从何而来，例如文件名称和页次。",
    )
    total = CleanCharField(
        label="应得总分", required=False, max_length=24, help_text="各指标都填写数据时才能核对。"
    )
    class_name = forms.ChoiceField(label="应得档次", required=False)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["class_name"]
        names = [each["name"] for each in document["classes"]]
        choice.choices = [("", "不核对"), *((name, name) for name in names)]


@dataclass(slots=True)
class CaseLine:
    """One indicator of a case; inputs are prefixed with `key`."""

    key: str
    code: str
    name: str
    kind: str
    mine: SystemIndicator
    form: TryForm
    expected: str = ""
    absence: str = ""
    error: str = ""


class CaseEntry:
    """A whole case as typed."""

    def __init__(
        self,
        document: Document,
        system: Sequence[SystemIndicator],
        posted: Mapping[str, str] | None = None,
    ) -> None:
        self.form = CaseForm(posted, document=document)
        known = {each.code: each for each in system}
        self.lines = [
            _line(f"l{place}", row, known, posted)
            for place, row in enumerate(document["indicators"])
        ]
        self.absences = [("", "有数据"), *((each.value, each.label) for each in Absence)]

    @property
    def is_wrong(self) -> bool:
        """Whether something does not read."""
        return bool(self.form.errors) or any(line.error for line in self.lines)

    def read(self) -> Case | None:
        """The case; None where something does not read, said beside the line."""
        figures, lines = [], {}
        for line in self.lines:
            try:
                figure, points = _read_line(line)
            except Invalid as refusal:
                line.error = refusal.sentence
                continue
            if figure is not None:
                figures.append(figure)
            if points is not None:
                lines[line.code] = points
        total = self._total()
        if self.is_wrong:
            return None
        data = self.form.cleaned_data
        return Case(
            data["name"],
            data["source"],
            CountyFigures(_COUNTY, data["name"], tuple(figures)),
            Expected(lines, total, data["class_name"]),
        )

    def _total(self) -> Decimal | None:
        if not self.form.is_valid():
            return None
        try:
            return number_of(self.form.cleaned_data["total"], "应得总分")
        except Invalid as refusal:
            self.form.add_error("total", refusal.sentence)
            return None


def _line(
    key: str,
    row: Mapping[str, Any],
    known: Mapping[str, SystemIndicator],
    posted: Mapping[str, str] | None,
) -> CaseLine:
    code = row["code"]
    mine = known.get(code, SystemIndicator(code, row["group"], row["name"], row["unit"]))
    form = TryForm(posted, prefix=key)
    kind = row["rule"]["kind"]
    if posted is None:
        return CaseLine(key, code, row["name"], kind, mine, form)
    absence = posted.get(f"{key}-absence", "")
    expected = posted.get(f"{key}-expected", "")[:24]
    return CaseLine(key, code, row["name"], kind, mine, form, expected, absence)


def _read_line(line: CaseLine) -> tuple[Figure | None, Decimal | None]:
    """Figure and points of a line; nothing typed is no figure."""
    points = number_of(line.expected, f"“{line.name}”的应得分")
    measure = line.form.measure(line.mine)
    if line.absence:
        if line.absence not in list(Absence):
            raise Invalid("absence_unknown", f"请选择“{line.name}”的填报情况。")
        return Figure(line.code, measure, Absence(line.absence)), points
    data = line.form.cleaned_data
    is_blank = not any(re.sub(r"\s", "", str(text)) for text in data.values())
    # An itemised indicator with nothing listed is a figure too: none of anything.
    if is_blank and not (line.kind == "itemised" and points is not None):
        if points is not None:
            raise Invalid("case_figure_blank", f"“{line.name}”填写了应得分，还没有填写数据。")
        return None, None
    return Figure(line.code, measure), points
