"""The form of 基本情况表: a number, an absence and a note for each meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django import forms

from applications.actions.basics import BasicInput
from applications.selectors.basics import BasicsLine
from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import fingerprint
from county_portal.common.two_writers import differ

MAX_NUMBER, MAX_NOTE = 60, 500


@dataclass(frozen=True, slots=True)
class BoundLine:
    """A line with its three fields, for the template."""

    line: BasicsLine
    number: forms.BoundField
    absent: forms.BoundField
    note: forms.BoundField
    base: forms.BoundField
    theirs: str = ""  # what a colleague saved meanwhile, where it differs


class BasicsForm(forms.Form):
    """Fields `n-`, `a-` and `r-` with the meaning's code, `b-` for what they showed; blank lines may be saved."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        lines: Sequence[BasicsLine],
        revision: int,
        theirs: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self._lines = lines
        self._theirs = theirs or {}
        initial: dict[str, Any] = {"revision": revision}
        for line in lines:
            initial |= _stored(line) | {f"b-{line.meaning.code}": _mark(_stored(line))}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for line in lines:
            self._add(line)

    def _add(self, line: BasicsLine) -> None:
        code, name = line.meaning.code, line.meaning.name
        self.fields[f"b-{code}"] = forms.CharField(required=False, widget=forms.HiddenInput)
        number = forms.TextInput(
            attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}
        )
        self.fields[f"n-{code}"] = CleanCharField(
            label=name,
            required=False,
            max_length=MAX_NUMBER,
            widget=number,
            error_messages={"max_length": f"“{name}”填写的不是有效的数值，请核对。"},
        )
        self.fields[f"a-{code}"] = forms.BooleanField(
            label=f"没有“{name}”数据",
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )
        self.fields[f"r-{code}"] = CleanCharField(
            label=f"“{name}”的说明",
            required=False,
            max_length=MAX_NOTE,
            widget=forms.TextInput(attrs={"class": "form-control"}),
            error_messages={
                "max_length": f"“{name}”的说明最多%(limit_value)d字，现有%(show_value)d字，请精简。"
            },
        )

    def clean(self) -> dict[str, Any]:
        """Read the numbers by the portal's one normaliser."""
        data = super().clean() or self.cleaned_data
        for line in self._lines:
            code, meaning = line.meaning.code, line.meaning
            accepts = NumberFormat(unit=meaning.unit, integer=meaning.is_integer)
            try:
                data[f"number-{code}"] = parse_number(
                    data.get(f"n-{code}", ""), accepts, meaning.name
                )
            except Invalid as refusal:
                self.add_error(f"n-{code}", refusal.sentence)
            if data.get(f"a-{code}") and not data.get(f"r-{code}", "").strip():
                self.add_error(f"r-{code}", f"“{meaning.name}”没有数据的，请说明原因。")
        return data

    @property
    def inputs(self) -> dict[str, BasicInput]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            code: BasicInput(
                data[f"n-{code}"], data[f"number-{code}"], data[f"a-{code}"], data[f"r-{code}"]
            )
            for code in (line.meaning.code for line in self._lines)
        }

    @property
    def lines(self) -> Iterator[BoundLine]:
        """Lines with their fields."""
        for line in self._lines:
            code = line.meaning.code
            number, absent, note, base = (self[f"{prefix}-{code}"] for prefix in "narb")
            yield BoundLine(line, number, absent, note, base, self._theirs.get(code, ""))

    def merged_with(self, lines: Sequence[BasicsLine], revision: int) -> Self:
        """The same typing over what has been stored meanwhile.

        A line only others touched takes theirs; one touched on both sides keeps mine and shows theirs.
        """
        data: dict[str, Any] = {"revision": revision}
        theirs = {}
        for line in lines:
            code, stored = line.meaning.code, _stored(line)
            mine = {name: self.cleaned_data[name] for name in stored}
            base, now = self.cleaned_data[f"b-{code}"], _mark(stored)
            data |= {**(mine if _mark(mine) != base else stored), f"b-{code}": now}
            if differ(_mark(mine), base=base, now=now):
                theirs[code] = _phrase(line, stored)
        return type(self)(data, lines=lines, revision=revision, theirs=theirs)

    @property
    def differing(self) -> list[BoundLine]:
        """Lines in which somebody else saved something different."""
        return [each for each in self.lines if each.theirs]


def _stored(line: BasicsLine) -> dict[str, Any]:
    """What a line holds, by field."""
    code, stated = line.meaning.code, line.stated
    return {
        f"n-{code}": (stated.text or plain(stated.number)) if stated else "",
        f"a-{code}": bool(stated and stated.is_absent),
        f"r-{code}": stated.note if stated else "",
    }


def _mark(values: dict[str, Any]) -> str:
    return fingerprint(str(value).strip() for value in values.values())


def _phrase(line: BasicsLine, stored: dict[str, Any]) -> str:
    number, is_absent, note = stored.values()
    figure = "没有" if is_absent else f"{number}{line.meaning.unit}" if number else "空"
    return f"{figure}（{note}）" if note else figure


class RevisionForm(forms.Form):
    """Which state of a section the page showed."""

    revision = forms.IntegerField()
