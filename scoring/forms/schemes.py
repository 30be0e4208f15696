"""Forms of schemes: general terms, one indicator, a new draft, a file, a golden case."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField
from county_portal.common.numbers import NumberFormat, parse_number, plain
from scoring.engine.types import Item, Measure
from scoring.forms.rule_page import RulePage, rule_page
from scoring.forms.rules import (
    Counties,
    TypedRule,
    changes_kind,
    rule_from,
    typed_from,
    typed_of,
    worked,
)
from scoring.schemes.documents import Document
from scoring.schemes.sheet import SystemIndicator
from scoring.schemes.words import ABSENCES, MODES, TOTALS, TREATMENTS

CLASSES, TIES = 6, 3
_AS_SCHEME = ("", "随方案")


class PointsField(forms.CharField):
    """A number kept as the document writes it; blank reads as blank."""

    def __init__(self, *, label: str, required: bool = True, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        words = {"required": f"请填写{label}。"}
        super().__init__(
            label=label,
            required=required,
            max_length=24,
            widget=widget,
            error_messages=words,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Canonical text of the number."""
        text = str(super().clean(value))
        try:
            number = parse_number(text, NumberFormat(unit="分"), str(self.label))
        except Invalid as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal
        if number is None and self.required:
            raise forms.ValidationError(f"请填写{self.label}。", code="required")
        return plain(number)


class RevisionForm(forms.Form):
    """Which revision a page showed."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """The revision; one that no version has for nonsense, so that it is refused as stale."""
        return int(self.cleaned_data["revision"]) if self.is_valid() else -1


class DraftForm(forms.Form):
    """Why a new version is begun."""

    note = CleanCharField(
        label="修订说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为何修订，例如“按省厅第3次厅长办公会意见调整研发投入权重”。",
    )


class GeneralForm(forms.Form):
    """What holds for the whole scheme: classes in rows from best to last, blank rows left out."""

    title = CleanCharField(
        label="方案名称", max_length=120, error_messages={"required": "请填写方案名称。"}
    )
    places = forms.TypedChoiceField(
        label="小数位数", choices=[(i, f"{i}位") for i in range(3)], coerce=int
    )
    mode = forms.ChoiceField(label="取舍办法", choices=list(MODES.items()))
    total = forms.ChoiceField(label="总分", choices=list(TOTALS.items()))
    missing = forms.ChoiceField(label="缺报", choices=list(TREATMENTS.items()))
    not_applicable = forms.ChoiceField(label="不适用", choices=list(TREATMENTS.items()))
    qualitative = forms.ChoiceField(label="定性（未评分）", choices=list(TREATMENTS.items()))

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = list(dict.fromkeys(row["group"] for row in document["indicators"]))
        self.initial = {**_general_initial(document, self.groups), **self.initial}
        for i in range(CLASSES):
            self.fields[f"class-{i}-name"] = CleanCharField(
                label=f"第{i + 1}档名称", required=False, max_length=10
            )
            self.fields[f"class-{i}-limit"] = PointsField(
                label=f"第{i + 1}档下限（分）", required=False
            )
            for part in ("name", "limit"):
                # Rendered by hand, in a table.
                self.fields[f"class-{i}-{part}"].widget.attrs["class"] = "form-control"
        indicators = [
            (row["code"], f"{row['code']} {row['name']}") for row in document["indicators"]
        ]
        for i in range(TIES):
            self.fields[f"tie-{i}"] = forms.ChoiceField(
                label=f"同分时第{i + 1}比", required=False, choices=[("", "不再比较"), *indicators]
            )
        for i, name in enumerate(self.groups):
            self.fields[f"group-{i}"] = PointsField(label=name, required=False)

    def _rows(self, names: Sequence[str]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Title and arithmetic."""
        return self._rows(["title", "places", "mode", "total"])

    @property
    def absence_fields(self) -> list[forms.BoundField]:
        """What becomes of absent figures."""
        return self._rows(["missing", "not_applicable", "qualitative"])

    @property
    def class_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name beside limit."""
        return [(self[f"class-{i}-name"], self[f"class-{i}-limit"]) for i in range(CLASSES)]

    @property
    def tie_fields(self) -> list[forms.BoundField]:
        """In the order they are compared."""
        return self._rows([f"tie-{i}" for i in range(TIES)])

    @property
    def group_fields(self) -> list[forms.BoundField]:
        """One sum per group."""
        return self._rows([f"group-{i}" for i in range(len(self.groups))])

    def clean(self) -> dict[str, Any]:
        """A class is a name and a limit."""
        data: dict[str, Any] = super().clean() or {}
        for i in range(CLASSES):
            name, limit = data.get(f"class-{i}-name"), data.get(f"class-{i}-limit")
            if name and limit == "":
                self.add_error(f"class-{i}-limit", f"请填写“{name}”档的下限。")
            elif limit and not name:
                self.add_error(f"class-{i}-name", f"请填写第{i + 1}档的名称。")
        return data

    @property
    def parts(self) -> dict[str, Any]:
        """What the edit takes."""
        data = self.cleaned_data
        ties = list(dict.fromkeys(code for i in range(TIES) if (code := data[f"tie-{i}"])))
        groups = [
            {"name": name, "weight": data[f"group-{i}"]}
            for i, name in enumerate(self.groups)
            if data[f"group-{i}"]
        ]
        return {
            "title": data["title"],
            "rounding": {"places": data["places"], "mode": data["mode"]},
            "total": data["total"],
            "ties": {"then_by": ties} if ties else "shared-rank",
            "classes": [
                {"name": data[f"class-{i}-name"], "at_least": data[f"class-{i}-limit"]}
                for i in range(CLASSES)
                if data[f"class-{i}-name"]
            ],
            "absence": {
                "missing": data["missing"],
                "not-applicable": data["not_applicable"],
                "qualitative": data["qualitative"],
            },
            "groups": groups,
        }


def _general_initial(document: Document, groups: Sequence[str]) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "title": document["title"],
        **document["rounding"],
        "total": document["total"],
        **{key.replace("-", "_"): value for key, value in document["absence"].items()},
    }
    for i, each in enumerate(document["classes"]):
        initial |= {f"class-{i}-name": each["name"], f"class-{i}-limit": each["at_least"]}
    if isinstance(document["ties"], dict):
        initial |= {f"tie-{i}": code for i, code in enumerate(document["ties"]["then_by"])}
    sums = {each["name"]: each["weight"] for each in document.get("groups", [])}
    return initial | {f"group-{i}": sums.get(name, "") for i, name in enumerate(groups)}


class IndicatorForm(forms.Form):
    """Everything of an indicator but its rule."""

    code = forms.ChoiceField(
        label="指标",
        error_messages={
            "required": "请选择指标。",
            "invalid_choice": "所选指标不在指标体系中，请重新选择。",
        },
    )
    group = CleanCharField(
        label="一级指标", max_length=60, error_messages={"required": "请填写一级指标。"}
    )
    name = CleanCharField(
        label="名称", max_length=120, error_messages={"required": "请填写指标名称。"}
    )
    unit = CleanCharField(label="单位", required=False, max_length=20)
    weight = PointsField(label="权重（分）")
    missing = forms.ChoiceField(label="缺报", required=False)
    not_applicable = forms.ChoiceField(label="不适用", required=False)
    qualitative = forms.ChoiceField(label="定性（未评分）", required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        choice: Any = self.fields["code"]
        choice.choices = codes
        for key in ABSENCES:
            own: Any = self.fields[key.replace("-", "_")]
            own.choices = [_AS_SCHEME, *TREATMENTS.items()]


@dataclass(slots=True)
class IndicatorPage:
    """An indicator being written: its form, its rule as typed, what does not read."""

    form: IndicatorForm
    typed: TypedRule
    counties: Counties
    items: Sequence[tuple[str, str]] = ()
    absence: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        indicator: Mapping[str, Any],
        scheme_absence: Mapping[str, str],
        counties: Counties,
        items: Sequence[tuple[str, str]] = (),
    ) -> "IndicatorPage":
        """As it stands in the document."""
        own = indicator.get("absence") or {}
        initial = {key: indicator[key] for key in ("code", "group", "name", "unit", "weight")}
        initial |= {
            key.replace("-", "_"): value
            for key, value in own.items()
            if scheme_absence.get(key) != value
        }
        form = IndicatorForm(codes=[(indicator["code"], indicator["code"])], initial=initial)
        return cls(form, typed_of(indicator["rule"], counties), counties, items, scheme_absence)

    def posted(self, data: Mapping[str, str]) -> "IndicatorPage":
        """The same with what somebody typed."""
        form = IndicatorForm(data, codes=self.form.codes)
        typed = typed_from(data, "rule")
        return IndicatorPage(form, typed, self.counties, self.items, self.absence)

    def work(self, act: str, data: Mapping[str, str]) -> bool:
        """Do what a button asked of rows; False where it asked for saving or trying."""
        if ":" not in act and not changes_kind(data):
            return False
        if not changes_kind(data):
            worked(self.typed, "rule", act, self.counties)
        # Nothing is to be saved yet, so nothing is called wrong yet.
        self.form = IndicatorForm(codes=self.form.codes, initial=data)
        return True

    @property
    def is_wrong(self) -> bool:
        """Whether something typed does not read."""
        return bool(self.errors) or (self.form.is_bound and bool(self.form.errors))

    @property
    def rule(self) -> RulePage:
        """The rule for the page."""
        return rule_page(self.typed, "rule", self.errors, self.items)

    def read(self) -> dict[str, Any] | None:
        """The indicator as the document holds it; None where something does not read."""
        rule = rule_from(self.typed, "rule", self.counties, self.errors)
        if not self.form.is_valid() or self.errors:
            return None
        data = self.form.cleaned_data
        indicator = {key: data[key] for key in ("code", "group", "name", "unit", "weight")}
        own = {key: data[key.replace("-", "_")] for key in ABSENCES if data[key.replace("-", "_")]}
        if own:
            indicator["absence"] = {**self.absence, **own}
        return {**indicator, "rule": rule}


def new_indicator(system: SystemIndicator) -> dict[str, Any]:
    """What a new row begins with: as the indicator system has it, its rule of the kind it is filled by."""
    row = {
        "code": system.code,
        "group": system.group,
        "name": system.name,
        "unit": system.unit,
        "weight": "",
    }
    if system.kind == "itemised":
        items = [{"code": code, "name": name, "points": ""} for code, name in system.items]
        return {**row, "rule": {"kind": "itemised", "cap": "", "items": items, "exclusive": []}}
    if system.kind == "qualitative":
        return {**row, "rule": {"kind": "panel", "method": "mean", "max": ""}}
    bands = [
        {"from": "0", "to": "", "points_from": "0", "points_to": ""},
        {"from": "", "to": None, "points_from": "", "points_to": ""},
    ]
    return {**row, "rule": {"kind": "piecewise", "bands": bands}}


class TryForm(forms.Form):
    """A figure to try."""

    value = CleanCharField(label="数值", required=False, max_length=24)
    numerator = CleanCharField(label="分子", required=False, max_length=24)
    denominator = CleanCharField(label="分母", required=False, max_length=24)
    target = CleanCharField(label="目标", required=False, max_length=24)
    items = CleanCharField(label="项目数", required=False, max_length=200)
    panel = CleanCharField(label="评审打分", required=False, max_length=100)

    def measure(self, mine: SystemIndicator) -> Measure:
        """What was measured; raises Invalid for what is no number."""
        if not self.is_valid():
            raise Invalid("figure_not_read", "试算的数值不能识别，请只填写数字。")
        data = self.cleaned_data
        ratio = {
            key: number_of(data[key], label)
            for key, label in (("numerator", "分子"), ("denominator", "分母"))
        }
        is_ratio = None not in ratio.values()
        return Measure(
            value=number_of(data["value"], "数值"),
            **ratio,
            factor=mine.factor if is_ratio else Decimal(1),
            items=read_items(data["items"], mine.items),
            panel=read_panel(data["panel"]),
            target=number_of(data["target"], "目标"),
        )


def read_items(text: str, kinds: Sequence[tuple[str, str]] = ()) -> tuple[Item, ...]:
    """Items as `name×count` or `code×count`, separated by commas; raises Invalid for another form."""
    codes = {name: code for code, name in kinds}
    items = []
    for part in (each.strip() for each in re.split(r"[,，;；\n]+", text)):
        if not part:
            continue
        match = re.fullmatch(r"(.+?)\s*(?:[×*]\s*([1-9][0-9]?))?", part)
        code = codes.get(match[1], match[1]) if match else ""
        if match is None or not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", code):
            raise Invalid(
                "items_not_read",
                f"项目“{part[:30]}”不能识别，请写成“类别名称×个数”，多项用逗号隔开。",
                "items",
            )
        items += [Item(code, f"{match[1]}（{i + 1}）") for i in range(int(match[2] or 1))]
    return tuple(items)


def read_panel(text: str) -> tuple[Decimal, ...]:
    """Reviewers' scores separated by commas or blanks; raises Invalid for what is no number."""
    parts = [part for part in re.split(r"[,，、;；\s]+", text.strip()) if part]
    return tuple(score for part in parts if (score := number_of(part, "评审打分")) is not None)


def number_of(text: str, label: str) -> Decimal | None:
    """A number typed in a try or a case."""
    return parse_number(text, NumberFormat(negative_allowed=True), label)


class SchemeFileForm(forms.Form):
    """A scheme as a workbook or as JSON."""

    file = forms.FileField(
        label="文件",
        help_text="本页导出的 Excel（.xlsx）或 JSON 文件，不超过5MB。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
    )
