"""What is typed around the panel: criteria, assignments, declarations, opinions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from applications.actions.panel import OpinionInput
from applications.models import Criterion, PanelSheet
from applications.rules.panel import DEFAULT_CRITERIA, CriterionInput
from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField, is_uuid, words_field
from county_portal.common.numbers import NumberFormat, parse_number, plain

# Lines of the form; a blank name leaves one out.
LINES = 6


class PointsField(forms.CharField):
    """Points from 0 to a maximum, two decimals at most. The sentence names what is judged and what is allowed."""

    def __init__(self, *, maximum: Decimal, label: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        words = {"required": f"请填写“{label}”的分值。"}
        super().__init__(label=label, max_length=12, widget=widget, error_messages=words, **kwargs)
        self.maximum, self.what = maximum, label

    def clean(self, value: Any) -> Any:
        """The number typed."""
        text = str(super().clean(value))
        if not text and not self.required:
            return None
        try:
            points = parse_number(text, NumberFormat(unit="分", negative_allowed=True), self.what)
        except Invalid as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal
        if points is None or not 0 <= points <= self.maximum:
            words = f"“{self.what}”请填写0至{plain(self.maximum)}分。"
            raise forms.ValidationError(words, code="score_out_of_range")
        if points != points.quantize(Decimal("0.01")):
            raise forms.ValidationError(f"“{self.what}”最多两位小数。", code="score_too_fine")
        return points


class CriteriaForm(forms.Form):
    """Several lines of name, maximum and explanation."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present: Sequence[Criterion | CriterionInput] = criteria or DEFAULT_CRITERIA
        for place in range(LINES):
            each = present[place] if place < len(present) else None
            number = place + 1
            self.fields[f"name-{number}"] = CleanCharField(
                label=f"第{number}项评审内容",
                required=False,
                max_length=60,
                initial=each.name if each else "",
            )
            self.fields[f"maximum-{number}"] = PointsField(
                label=f"第{number}项满分",
                required=False,
                maximum=Decimal(999),
                initial=plain(each.maximum) if each else "",
            )
            self.fields[f"explanation-{number}"] = CleanCharField(
                label=f"第{number}项说明",
                required=False,
                max_length=300,
                initial=each.explanation if each else "",
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Name, maximum and explanation line by line."""
        return [
            (self[f"name-{place}"], self[f"maximum-{place}"], self[f"explanation-{place}"])
            for place in range(1, LINES + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """A named line has a maximum above 0."""
        data = super().clean() or {}
        for place in range(1, LINES + 1):
            name = data.get(f"name-{place}")
            if name and f"maximum-{place}" not in self.errors and not data.get(f"maximum-{place}"):
                self.add_error(f"maximum-{place}", f"请填写“{name}”的满分，须大于0。")
            if data.get(f"maximum-{place}") and not name:
                self.add_error(f"name-{place}", "填写了满分的，请填写评审内容的名称。")
        return data

    @property
    def criteria(self) -> list[CriterionInput]:
        """What the action takes."""
        data = self.cleaned_data
        return [
            CriterionInput(
                data[f"name-{place}"], data[f"maximum-{place}"], data[f"explanation-{place}"]
            )
            for place in range(1, LINES + 1)
            if data[f"name-{place}"]
        ]


# How many experts judge an application unless somebody says otherwise; supplemented.
EACH = 3


class AssignForm(forms.Form):
    """The ticked cells of applications × experts, and those that stood on the page: "application id/expert id".

    Instead of saving, a proposal may be asked for: how many experts each application is to have, and who takes part.
    """

    pairs = forms.MultipleChoiceField(required=False)
    seen = forms.MultipleChoiceField(required=False)
    among = forms.TypedMultipleChoiceField(required=False, coerce=UUID)
    each = forms.IntegerField(
        label="每件分派几位专家", required=False, min_value=1, max_value=20, initial=EACH
    )
    act = forms.ChoiceField(choices=[("save", "保存"), ("share", "建议")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("pairs", "seen"):
            field: Any = self.fields[name]
            # Whether there are such applications and experts the act asks.
            field.valid_value = _is_pair
        taking_part: Any = self.fields["among"]
        taking_part.valid_value = is_uuid

    @property
    def is_proposal(self) -> bool:
        """Whether nothing is to be saved yet."""
        return bool(self.cleaned_data["act"] == "share")

    @property
    def wanted(self) -> int:
        """How many experts each application is to have."""
        return self.cleaned_data["each"] or EACH

    @property
    def chosen(self) -> set[tuple[UUID, UUID]]:
        """What the action takes."""
        return self._pairs("pairs")

    @property
    def stood(self) -> set[tuple[UUID, UUID]]:
        """What was assigned when the page was opened."""
        return self._pairs("seen")

    def _pairs(self, name: str) -> set[tuple[UUID, UUID]]:
        pairs = (each.split("/") for each in self.cleaned_data[name])
        return {(UUID(row), UUID(person)) for row, person in pairs}


def _is_pair(value: str) -> bool:
    row, _, person = value.partition("/")
    return is_uuid(row) and is_uuid(person)


class ConflictForm(forms.Form):
    """The declaration before the materials open."""

    answer = forms.ChoiceField(
        label="利益冲突声明",
        choices=[
            ("none", "我与申报地区、编制单位没有利益冲突，能够独立、客观地评审"),
            ("conflict", "我有需要回避的情形"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项声明。"},
    )
    reason = CleanCharField(
        label="回避原因",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="需要回避的请写明，例如“参与编制该县实施方案”“近三年在该县任职”。",
    )

    @property
    def is_conflict(self) -> bool:
        """Whether the expert keeps away."""
        return bool(self.cleaned_data["answer"] == "conflict")


class OpinionForm(forms.Form):
    """Points for each criterion, and words."""

    comment = words_field("评审意见", max_length=2000, rows=5)

    def __init__(
        self,
        *args: Any,
        sheet: PanelSheet,
        criteria: Sequence[Criterion],
        given: dict[int, Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.fields["comment"].initial = sheet.comment
        for each in criteria:
            field = PointsField(
                maximum=each.maximum,
                label=each.name,
                initial=plain(given.get(each.pk)),
                help_text=each.explanation,
            )
            field.label = f"{each.name}（满分{plain(each.maximum)}分）"
            self.fields[f"points-{each.public_id}"] = field

    @property
    def lines(self) -> list[tuple[Criterion, forms.BoundField]]:
        """Each criterion with its field."""
        return [(each, self[f"points-{each.public_id}"]) for each in self.criteria]

    @property
    def opinion(self) -> OpinionInput:
        """What the action takes."""
        data = self.cleaned_data
        points = {each.public_id: data[f"points-{each.public_id}"] for each in self.criteria}
        return OpinionInput(points, data["comment"])
