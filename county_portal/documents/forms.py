"""Forms of documents: parsing and wording of input."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from county_portal.accounts.models import User
from county_portal.common.errors import Refused
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.list_filters import ListFilter
from county_portal.common.province import words
from county_portal.documents.actions.drafts import Wording
from county_portal.documents.actions.registers import RegisterInput
from county_portal.documents.enums import Layout, PaperStatus
from county_portal.documents.models import Draft, Register
from county_portal.documents.selectors.recipients import Group, Reach, choose
from county_portal.documents.selectors.registers import PaperFilter

MAX_TEXT = 60_000
MAX_ATTACHMENTS = 12
MAX_REASON = 500
_TITLES = "attachment-title-"
_TEXTS = "attachment-text-"
_NUMBERED = re.compile(rf"{_TITLES}(\d+)")


def show(form: forms.Form, refusal: Refused) -> None:
    """Put a refusal beside the field it names, else above the form."""
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, refusal.sentence)


class StartForm(forms.Form):
    """In which register a draft will be numbered."""

    register = forms.ChoiceField(
        label="登记簿（发文机关代字）",
        error_messages={
            "required": "请选择登记簿。",
            "invalid_choice": "所选登记簿不可用，请重新选择。",
        },
        help_text="决定红头、发文字号和格式；编号在签发时给出。",
    )

    def __init__(self, *args: Any, registers: Sequence[Register], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["register"]
        choice.choices = [
            (str(row.public_id), f"{row.prefix}：{row.sender}（{row.get_layout_display()}）")
            for row in registers
        ]

    @property
    def chosen(self) -> UUID:
        """The register chosen."""
        return UUID(self.cleaned_data["register"])


def _long(label: str, *, rows: int, max_length: int, **kwargs: Any) -> CleanCharField:
    return CleanCharField(
        label=label,
        required=False,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "max_length": f"{label}最多%(limit_value)d字，现有%(show_value)d字，请精简。"
        },
        **kwargs,
    )


class DraftForm(forms.Form):
    """Everything a drafter words; half a draft may be saved, only a whole one leaves its drafter."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = _long(
        "标题",
        rows=2,
        max_length=200,
        help_text="发文机关、事由、文种齐全；一行写完由系统按词义回行，也可以自己换行。",
    )
    addressees = CleanCharField(
        label="主送机关", required=False, max_length=500, help_text="不写末尾的冒号。"
    )
    text = _long(
        "正文",
        rows=22,
        max_length=MAX_TEXT,
        help_text="一行为一段，首行不必空格。层次序数依次写“一、”“（一）”“1.”“（1）”，写在段首即自动排成相应字体；"
        "单独一行“【表：表名】”印出该表。",
    )
    remark = CleanCharField(
        label="附注", required=False, max_length=200, help_text="如“此件公开发布”，不写括号。"
    )
    copied_to = CleanCharField(
        label="抄送机关", required=False, max_length=500, help_text="各机关之间用逗号隔开。"
    )
    dated_on = DayField(
        label="成文日期",
        required=False,
        help_text="留空即为签发当日；只能填今年内、不晚于签发日的日期。",
    )
    group = forms.ChoiceField(
        label="发送到（平台内收文）",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择发送范围。", "invalid_choice": "请重新选择发送范围。"},
    )
    offices = forms.MultipleChoiceField(
        label="指定单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选单位不在可发送范围内，请重新勾选。"},
    )

    def __init__(self, *args: Any, user: User, draft: Draft, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        fields: dict[str, Any] = self.fields
        fields["group"].choices = _groups(reach)
        fields["offices"].choices = [
            # By their full names: there are three 桥西区.
            (str(office.public_id), office.name)
            for office in reach.everybody
        ]
        self._numbers = range(1, self._count(draft) + 1)
        for number in self._numbers:
            self.fields[f"{_TITLES}{number}"] = CleanCharField(
                label=f"附件{number}名称", required=False, max_length=120
            )
            self.fields[f"{_TEXTS}{number}"] = _long(
                f"附件{number}内容", rows=6, max_length=MAX_TEXT
            )
        if not self.is_bound:
            self.initial = {**_initial(draft, reach), **self.initial}

    def _count(self, draft: Draft) -> int:
        """One blank attachment more than there are."""
        posted = [int(found[1]) for name in self.data if (found := _NUMBERED.fullmatch(name))]
        return min(max([len(draft.attachments) + 1, *posted]), MAX_ATTACHMENTS)

    @property
    def attachment_fields(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Number, title and text of each."""
        return [(each, self[f"{_TITLES}{each}"], self[f"{_TEXTS}{each}"]) for each in self._numbers]

    def clean(self) -> dict[str, Any]:
        """An attachment has both a name and a content."""
        data = super().clean() or {}
        for number in self._numbers:
            title, text = data.get(f"{_TITLES}{number}"), data.get(f"{_TEXTS}{number}")
            if text and not title:
                self.add_error(f"{_TITLES}{number}", f"附件{number}有内容而没有名称，请填写名称。")
            if title and not text:
                self.add_error(
                    f"{_TEXTS}{number}", f"附件“{title}”没有内容，请填写内容或删去名称。"
                )
        if data.get("group") == Group.CHOSEN and not data.get("offices"):
            self.add_error("offices", "选择了“指定单位”，请至少勾选一个单位。")
        return data

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """Those that are there."""
        pairs = [
            (self.cleaned_data[f"{_TITLES}{each}"], self.cleaned_data[f"{_TEXTS}{each}"])
            for each in self._numbers
        ]
        return [(title, text) for title, text in pairs if title]

    @property
    def wording(self) -> Wording:
        """What the action takes."""
        data = self.cleaned_data
        ids = [UUID(value) for value in data["offices"]]
        return Wording(
            title="\n".join(line.strip() for line in data["title"].splitlines() if line.strip()),
            addressees=data["addressees"].rstrip("：:"),
            text=data["text"],
            attachments=self.attachments,
            remark=data["remark"],
            copied_to=data["copied_to"],
            dated_on=data["dated_on"],
            recipients=choose(self._user, data["group"], ids),
        )


def _groups(reach: Reach) -> list[tuple[str, str]]:
    choices = [(str(Group.NOBODY), "不在平台内发送")]
    if reach.upward:
        choices.append((str(Group.UPWARD), "、".join(row.short_name for row in reach.upward)))
    if reach.cities:
        choices.append(
            (str(Group.CITIES), f"全部{words().city}科技局和直管审核单位（{len(reach.cities)}个）")
        )
    if reach.counties:
        choices.append((str(Group.COUNTIES), f"全部县（市、区）科技局（{len(reach.counties)}个）"))
    return [*choices, (str(Group.CHOSEN), "指定单位（在下方勾选）")]


def _initial(draft: Draft, reach: Reach) -> dict[str, Any]:
    chosen = list(draft.recipients.all())
    initial: dict[str, Any] = {
        "revision": draft.revision,
        "title": draft.title,
        "addressees": draft.addressees,
        "text": draft.text,
        "remark": draft.remark,
        "copied_to": draft.copied_to,
        "dated_on": draft.dated_on,
        "group": str(reach.group_of([office.pk for office in chosen])),
        "offices": [str(office.public_id) for office in chosen],
    }
    for number, part in enumerate(draft.attachments, 1):
        initial |= {f"{_TITLES}{number}": part["title"], f"{_TEXTS}{number}": part["text"]}
    return initial


class CommentForm(forms.Form):
    """Words that go with a step; needed where the table says so."""

    comment = CleanCharField(
        label="意见",
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可不填；拟稿人和以后查阅的人都能看到。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class GiveBackForm(CommentForm):
    """Why a draft goes back, or is discarded."""

    comment = words_field("意见", max_length=MAX_REASON, rows=3)


class ReasonForm(forms.Form):
    """Why an issued document is voided or corrected; verifiers read it."""

    reason = words_field(
        "原因", max_length=MAX_REASON, rows=3, help_text="核验本公文的任何人都会看到，请写规范。"
    )


class PaperFilterForm(ListFilter[PaperFilter]):
    """What a list of issued documents is narrowed to."""

    q = CleanCharField(
        label="标题或发文字号",
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "例如 2024-5、（2024）第5号"}
        ),
    )
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label="效力", required=False, choices=[("", "全部"), *PaperStatus.choices]
    )

    def __init__(self, *args: Any, years: Sequence[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if years is None:
            self.withhold("year")
        else:
            self.offer("year", [(year, f"{year}年") for year in years])

    @property
    def wanted(self) -> PaperFilter:
        """The filter as understood."""
        return PaperFilter(self.said("q"), self.number("year"), self.said("status"))


class ReceivedFilterForm(PaperFilterForm):
    """The same for what was received."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("unopened", "未签收"), *PaperStatus.choices],
    )


_COLUMN_OF = {"mark": "prefix"}
_USED = "已编过号的登记簿不能改动，只能启用或停用。"


class RegisterForm(forms.Form):
    """A register's 代字 and the letterhead that belongs to it."""

    # Not `prefix`, which is Django's own.
    mark = CleanCharField(
        label="发文机关代字",
        max_length=20,
        help_text="如“×科”“×科函”，全省唯一；年份和序号由系统编。",
        error_messages={"required": "请填写发文机关代字。"},
    )
    layout = forms.ChoiceField(label="格式", choices=Layout.choices)
    sender = CleanCharField(
        label="发文机关标志",
        max_length=60,
        help_text="印成红头的文字。文件格式加“文件”二字，如“××省科学技术厅文件”；信函格式不加。",
        error_messages={"required": "请填写发文机关标志。"},
    )
    issuer = CleanCharField(
        label="发文机关署名",
        max_length=60,
        help_text="印在正文之后，用全称或规范化简称。",
        error_messages={"required": "请填写发文机关署名。"},
    )
    printed_by = CleanCharField(
        label="印发机关",
        max_length=60,
        help_text="印在版记，如“××省科学技术厅办公室”。",
        error_messages={"required": "请填写印发机关。"},
    )
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(
        self, *args: Any, register: Register | None = None, is_used: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if register is None:
            del self.fields["is_active"]
            return
        for name, field in self.fields.items():
            self.initial.setdefault(name, getattr(register, _COLUMN_OF.get(name, name)))
            if is_used and name != "is_active":
                # Django then keeps the initial value, whatever is sent.
                field.disabled, field.help_text = True, _USED

    @property
    def wanted(self) -> RegisterInput:
        """What the action takes."""
        data = {_COLUMN_OF.get(name, name): value for name, value in self.cleaned_data.items()}
        return RegisterInput(**data)
