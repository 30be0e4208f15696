"""Forms of acts: a month's report, a standing, a deadline, goals, units, urging, a ledger's own facts."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField, DayField, words_field
from indicators.workbook.package import MAX_FILE
from measures.actions.keeping import GoalInput, LedgerInput
from measures.actions.reporting import ReportInput
from measures.enums import DutyKind
from measures.models import Goal, Ledger
from measures.rules.months import month_of
from measures.workbook import CellsUnreadable, read_sheet

MAX_WORDS = 2000
MAX_REASON = 500
MAX_TEXT = 60_000
LAST_DAY = 28  # every month has it


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, possibly none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(), required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each of them."""
        return [super(FilesField, self).clean(each, initial) for each in data or []]


class ReportForm(forms.Form):
    """A unit's month; one field a goal where the unit says where goals stand."""

    words = words_field(
        "本月进展情况",
        max_length=MAX_WORDS,
        help_text="写本月做了什么、取得什么结果；没有进展的写明原因。",
    )
    next_steps = words_field("下步打算", max_length=MAX_WORDS, rows=2)
    evidence = FilesField(label="佐证材料")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, goals: list[Goal], month: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month_of(month)
        self.fields["words"].error_messages["required"] = (
            "请填写本月进展情况；没有进展的，写明原因。"
        )
        self.fields["next_steps"].required = False
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields["evidence"].help_text = f"可选多个文件，每个不超过{megabytes}MB，没有的不传。"
        self.goals = goals
        for goal in goals:
            self.fields[str(goal.public_id)] = CleanCharField(
                label=f"{goal.name}（{goal.unit}）" if goal.unit else goal.name,
                required=False,
                max_length=30,
                help_text=f"截至本月底的累计数或最新数，目标{goal.target.normalize():f}{goal.unit}；没有数据的留空，不填0。",
            )
        self.order_fields(
            ["words", *(str(goal.public_id) for goal in goals), "next_steps", "evidence"]
        )

    @property
    def report(self) -> ReportInput:
        """What the action takes."""
        data = self.cleaned_data
        return ReportInput(
            month=self.month,
            words=data["words"],
            next_steps=data["next_steps"],
            figures={goal.public_id: data[str(goal.public_id)] for goal in self.goals},
            files=data["evidence"],
            seen=data["seen"],
        )


class ReasonForm(forms.Form):
    """Words, and what the page had shown."""

    comment = words_field("理由", max_length=MAX_REASON)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str = "理由", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = label


class DeadlineForm(forms.Form):
    """Until when, and why."""

    due_on = DayField(label="完成时限", required=False, help_text="留空为不单独设时限。")
    reason = words_field("调整理由", max_length=MAX_REASON)


class GoalForm(forms.Form):
    """A goal and the words that set it."""

    wording = words_field(
        "原文语句",
        max_length=MAX_REASON,
        rows=2,
        help_text="从上面的原文中复制设定目标的语句，须与原文一字不差。",
    )
    name = CleanCharField(label="目标名称", max_length=120)
    target = CleanCharField(label="目标值", max_length=30, help_text="只填数字。")
    unit = CleanCharField(
        label="单位", max_length=20, required=False, help_text="如：家、%、万元。"
    )
    by = DayField(label="时限", required=False, help_text="原文没有时限的留空。")
    lower_is_better = forms.BooleanField(label="数值越低越好", required=False)

    @property
    def goal(self) -> GoalInput:
        """What the action takes."""
        return GoalInput(**self.cleaned_data)


class UnitForm(forms.Form):
    """Another unit of a measure."""

    words = CleanCharField(
        label="单位名称",
        max_length=120,
        help_text="与单位名录一致的会自动对应账号；可填“各市政府”等统称。",
    )
    kind = forms.ChoiceField(label="分工", choices=DutyKind.choices)


class LedgerForm(forms.Form):
    """A ledger's own facts."""

    title = CleanCharField(label="台账名称", max_length=200)
    document_title = CleanCharField(label="来源文件", max_length=200)
    document_number = CleanCharField(label="文号", max_length=80, required=False)
    issued_on = DayField(label="成文日期", required=False)
    starts_on = DayField(label="开始日期", help_text="从这个月起按月填报进展。")
    ends_on = DayField(label="结束日期", required=False, help_text="留空为长期。")
    due_day = forms.IntegerField(
        label="每月填报截止日",
        min_value=1,
        max_value=LAST_DAY,
        initial=5,
        help_text="次月几日前填报上月进展，1至28。",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写1至28之间的整数。"
        ),
    )
    remind = CleanCharField(
        label="提前提醒天数",
        max_length=30,
        initial="3",
        required=False,
        help_text="可填几个，用逗号分开。",
    )

    def clean_remind(self) -> list[int]:
        """Whole days."""
        words = self.cleaned_data["remind"].replace("，", ",").replace("、", ",")
        pieces = [each.strip() for each in words.split(",") if each.strip()]
        if not all(each.isascii() and each.isdigit() and int(each) <= LAST_DAY for each in pieces):
            raise forms.ValidationError("请填写不超过28的整数，用逗号分开。")
        return [int(each) for each in pieces]

    @property
    def ledger(self) -> LedgerInput:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["remind_before"] = data.pop("remind")
        for name in ("text", "workbook"):
            data.pop(name, None)
        return LedgerInput(**data)

    @classmethod
    def initial_of(cls, ledger: Ledger) -> dict[str, Any]:
        """The ledger as it is."""
        return {
            **{name: getattr(ledger, name) for name in cls.base_fields if name != "remind"},
            "remind": "，".join(map(str, ledger.remind_before)),
        }


class NewLedgerForm(LedgerForm):
    """A ledger from a pasted text, or from a table, which then stands in the field as the text it is."""

    workbook = forms.FileField(
        label="措施表（.xlsx）",
        required=False,
        allow_empty_file=True,
        help_text="已按模板列成表格的，上传后读入下面的“原文”，核对后再建立；不上传的直接粘贴原文。",
    )
    text = CleanCharField(
        label="原文",
        max_length=MAX_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="粘贴含有措施的那一章：部分标题以“一、”或“（一）”开头，措施以“1.”开头，单位写在末尾括号“（责任单位：……）”里。",
    )

    def full_clean(self) -> None:
        """A table comes first: what it says takes the place of what stands in the field."""
        self._table_faults: tuple[str, ...] = ()
        uploaded = self.files.get("workbook")
        if uploaded is not None:
            try:
                words = read_sheet(uploaded.read(MAX_FILE + 1))
            except CellsUnreadable as refusal:
                self._table_faults = refusal.sentences
            except Invalid as refusal:
                self._table_faults = (refusal.sentence,)
            else:
                self.data = {**{name: self.data.get(name) for name in self.data}, "text": words}
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """What was wrong with the table is said at the table; a text is not asked for besides."""
        for sentence in self._table_faults:
            self.add_error("workbook", sentence)
        if self._table_faults:
            self.errors.pop("text", None)
        return self.cleaned_data


def blame(form: forms.Form, refusal: Invalid) -> None:
    """Show a refusal at its field, above the form where it names none."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
