"""What is typed around a list of pilots: decisions with reasons, notice, withdrawal, objections and answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from applications.actions.deciding import DecisionInput, DraftInput, NoticeInput
from applications.actions.objections import ObjectionInput
from applications.enums import Stage
from applications.models import Decision
from applications.selectors.selection import Candidate
from county_portal.common.fields import CleanCharField, DayField, words_field

_CHOICES = [("yes", "入选"), ("no", "不入选")]


class DraftForm(forms.Form):
    """For each candidate whether it is chosen, and why."""

    starts_on = DayField(label="建设期开始日期", help_text="建设期限按批次规定的年数计算。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    common_yes = CleanCharField(
        label="入选的共同理由",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有单独填写理由的入选者，用这段理由。",
    )
    common_no = CleanCharField(
        label="不入选的共同理由",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有单独填写理由的未入选者，用这段理由。",
    )

    def __init__(
        self,
        *args: Any,
        candidates: Sequence[Candidate],
        former: Mapping[int, Decision],
        chosen: Mapping[int, bool],
        **kwargs: Any,
    ) -> None:
        """`former` are the decisions of the list drawn up last, `chosen` those of a trial, which go first."""
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self._common = {
            is_selected: _shared(
                each.reasons for each in former.values() if each.is_selected == is_selected
            )
            for is_selected in (True, False)
        }
        self.fields["common_yes"].initial = self._common[True]
        self.fields["common_no"].initial = self._common[False]
        for each in candidates:
            key = each.application.pk
            self._add(each, former.get(key), selected=chosen.get(key))

    def _add(self, each: Candidate, before: Decision | None, *, selected: bool | None) -> None:
        key, name = each.application.public_id, each.application.region.full_name
        if selected is None and before:
            selected = before.is_selected
        # Reasons for the contrary are no reasons.
        reasons = before.reasons if before and before.is_selected == selected else ""
        if reasons and before and reasons == self._common[before.is_selected]:
            reasons = ""
        elif each.stage == Stage.FAILED and each.formal and not reasons:
            reasons = f"形式审查不通过：{each.formal.comment}"
        self.fields[f"selected-{key}"] = forms.ChoiceField(
            label=f"{name}：决定",
            choices=_CHOICES,
            widget=forms.RadioSelect,
            initial={True: "yes", False: "no"}.get(selected) if selected is not None else None,
            error_messages={"required": "请选择入选或不入选。"},
        )
        self.fields[f"reasons-{key}"] = CleanCharField(
            label=f"{name}：理由",
            required=False,
            max_length=1000,
            initial=reasons,
            widget=forms.Textarea(attrs={"rows": 2, "placeholder": "理由；空着的用共同理由"}),
        )

    def clean(self) -> dict[str, Any]:
        """Whoever has no reasons of its own has the common ones; somebody without any is an error."""
        data = super().clean() or {}
        for each in self.candidates:
            key, name = each.application.public_id, each.application.region.full_name
            said, field = data.get(f"selected-{key}"), f"reasons-{key}"
            if field in self.errors or data.get(field):
                continue
            data[field] = data.get(f"common_{said}", "")
            if said and not data[field]:
                self.add_error(field, f"请填写{name}入选或不入选的理由，或者填写共同理由。")
        return data

    def show_now(self, mark: str) -> None:
        """Carry the mark of the list that stands now, keeping what was typed: whoever saves again has seen it."""
        typed: Any = self.data
        data = typed.copy()
        data["seen"] = mark
        self.data = data

    @property
    def lines(self) -> list[tuple[Candidate, forms.BoundField, forms.BoundField]]:
        """Each candidate with its two fields."""
        return [
            (
                each,
                self[f"selected-{each.application.public_id}"],
                self[f"reasons-{each.application.public_id}"],
            )
            for each in self.candidates
        ]

    @property
    def draft(self) -> DraftInput:
        """What the action takes."""
        data = self.cleaned_data
        return DraftInput(
            {
                each.application.public_id: DecisionInput(
                    data[f"selected-{each.application.public_id}"] == "yes",
                    data[f"reasons-{each.application.public_id}"],
                )
                for each in self.candidates
            },
            data["starts_on"],
            data["seen"],
        )


def _shared(reasons: Iterable[str]) -> str:
    """What stands for most of them, and for two at least: it was said once for all, and is to be changed once."""
    (text, count), *_ = Counter(reasons).most_common(1) or [("", 0)]
    return text if count > 1 else ""


class NoticeForm(forms.Form):
    """Consent of the department's meeting, days of the notice."""

    consent_on = DayField(label="厅务会审议日期")
    consent_number = CleanCharField(
        label="文号或会议纪要编号",
        max_length=80,
        error_messages={"required": "请填写厅务会的文号或会议纪要编号。"},
    )
    notice_from = DayField(label="公示开始日期")
    notice_until = DayField(label="公示结束日期", help_text="含当日；期满次日起可以公布。")

    @property
    def notice(self) -> NoticeInput:
        """What the action takes."""
        return NoticeInput(**self.cleaned_data)


class WithdrawListForm(forms.Form):
    """Why a list is taken back."""

    reason = words_field("撤回原因", max_length=500, rows=3)


class ObjectionForm(forms.Form):
    """An objection from anybody. `regions` are (code, name) of the counties that may be named."""

    raised_by = CleanCharField(
        label="姓名或单位名称",
        max_length=60,
        error_messages={"required": "请填写姓名或单位名称。"},
    )
    contact = CleanCharField(
        label="联系方式",
        max_length=120,
        help_text="电话或电子邮箱，用于核实情况，不对外公开。",
        error_messages={"required": "请填写联系方式，以便核实情况。"},
    )
    region_code = forms.ChoiceField(label="所涉县（市、区）", required=False)
    text = CleanCharField(
        label="异议内容",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="请写明事实和理由。",
        error_messages={"required": "请填写异议内容，写明事实和理由。"},
    )
    file = forms.FileField(
        label="证明材料", required=False, help_text="PDF、JPG或PNG，不超过20MB；没有可不传。"
    )

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["region_code"]
        choice.choices = [("", "不针对某一县（市、区）"), *regions]

    @property
    def objection(self) -> ObjectionInput:
        """What the action takes."""
        data = self.cleaned_data
        return ObjectionInput(
            data["raised_by"], data["contact"], data["text"], data["region_code"], data["file"]
        )


class RecordedObjectionForm(ObjectionForm):
    """One that came by letter or telephone."""

    received_on = DayField(label="收到日期")

    @property
    def received(self) -> date:
        """The day it came."""
        day: date = self.cleaned_data["received_on"]
        return day


class AnswerForm(forms.Form):
    """How an objection was settled."""

    answer = words_field("处理意见", max_length=2000, rows=5)
