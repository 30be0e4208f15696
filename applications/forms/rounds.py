"""The province's forms: a round, places by office, more time for one unit."""

from typing import Any

from django import forms

from applications.actions.rounds import RoundInput
from applications.enums import Material, all_materials
from applications.models import PilotRound
from applications.models.rounds import STARS, TERM_YEARS
from applications.selectors.rounds import list_versions
from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.province import words
from indicators.forms.fields import year_field
from indicators.models import SystemVersion

MAX_REASON = 200
MAX_STARS, MAX_TERM, MAX_NOTICE, MAX_PLACES = 30, 10, 60, 50
_QUOTA = "quota-"


def count_field(label: str, first: int, last: int, **kwargs: Any) -> forms.IntegerField:
    """A small whole number."""
    words = f"请填写{first}至{last}之间的整数。"
    return forms.IntegerField(
        label=label,
        min_value=first,
        max_value=last,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )


def show(form: forms.Form, refusal: Invalid) -> None:
    """Put a refusal beside the field it names, else above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


class RoundForm(forms.Form):
    """A round with the places of every reviewing office; blank places mean that the office recommends nobody."""

    title = CleanCharField(
        label="批次名称",
        max_length=120,
        help_text=f"例如：2026年度{words().programme}。",
        error_messages={"required": "请填写批次名称。"},
    )
    year = year_field(
        "年度", help_text="即表中的“今年”：上年为前一年的数值，今年、明年、后年为目标。"
    )
    unit_level = forms.ChoiceField(
        label="申报层级",
        choices=[(Level.COUNTY, "县（市、区）"), (Level.TOWNSHIP, "乡镇（街道）")],
        initial=Level.COUNTY,
        help_text="乡镇（街道）批次只对已是试点的县（市、区）所属乡镇（街道）开放。",
        error_messages={"required": "请选择申报层级。", "invalid_choice": "请选择申报层级。"},
    )
    basis = CleanCharField(
        label="依据文件",
        max_length=200,
        help_text="文件名称和文号，公告中公开。",
        error_messages={"required": "请填写依据文件。"},
    )
    basis_file = forms.FileField(
        label="依据文件全文",
        required=False,
        help_text="PDF、JPG或PNG，可不传；公告发布后任何人可以下载。重新上传即替换原件。",
    )
    version = forms.ModelChoiceField(
        label="指标体系表版本",
        queryset=SystemVersion.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
        error_messages={
            "required": "请选择指标体系表版本。",
            "invalid_choice": "所选版本不存在，请重新选择。",
        },
    )
    stars = count_field(
        "自选考核指标数",
        0,
        MAX_STARS,
        initial=STARS,
        help_text="各县在指定考核指标之外以★标注的项数，指引规定10项。",
    )
    materials = forms.MultipleChoiceField(
        label="申报材料",
        choices=Material.choices,
        initial=all_materials,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选择一项申报材料。",
            "invalid_choice": "所选材料不在可选范围内，请重新选择。",
        },
    )
    term_years = count_field(
        "建设期限（年）", 1, MAX_TERM, initial=TERM_YEARS, help_text="指引规定原则上为3年。"
    )
    notice_days = count_field("公示天数", 1, MAX_NOTICE, initial=7, help_text="拟入选名单的公示。")
    opens_on = DayField(label="开始日期")
    county_due_on = DayField(label="县级报送截止日期", help_text="当天24时前可以报送市级。")
    city_due_on = DayField(label="市级推荐截止日期", help_text="市级审核、出具推荐函的最后一天。")
    notes = CleanCharField(
        label="申报说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写入公告和通知，可不填。",
    )

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["version"]
        version.queryset = list_versions()
        self.offices = {f"{_QUOTA}{office.public_id}": office for office in offices}
        for name, office in self.offices.items():
            field = count_field(office.short_name, 0, MAX_PLACES, required=False)
            field.widget.attrs["class"] = "form-control"
            self.fields[name] = field

    @classmethod
    def of(cls, call: PilotRound, offices: list[Office], places: dict[int, int]) -> "RoundForm":
        """The form with what a round has now."""
        names = [name for name in cls.base_fields if name not in {"version", "basis_file"}]
        initial: dict[str, Any] = {name: getattr(call, name) for name in names}
        initial["version"] = call.version.public_id
        for office in offices:
            initial[f"{_QUOTA}{office.public_id}"] = places.get(office.pk)
        return cls(offices=offices, initial=initial)

    @classmethod
    def blank(cls, offices: list[Office]) -> "RoundForm":
        """The form of a round of this year, with the only version there is chosen."""
        initial: dict[str, Any] = {"year": clock.today().year}
        versions = list(list_versions()[:2])
        if len(versions) == 1:
            initial["version"] = versions[0].public_id
        return cls(offices=offices, initial=initial)

    @property
    def quota_fields(self) -> list[forms.BoundField]:
        """Places by office, for a table of their own."""
        return [self[name] for name in self.offices]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Everything else."""
        return [field for field in self if field.name not in self.offices]

    @property
    def round(self) -> RoundInput:
        """What the actions take."""
        data = self.cleaned_data
        return RoundInput(
            **{name: data[name] for name in self.base_fields},
            quotas={
                office: data[name]
                for name, office in self.offices.items()
                if data[name] is not None
            },
        )


class QuotaForm(forms.Form):
    places = count_field("推荐名额", 0, MAX_PLACES)
    reason = words_field("调整原因", max_length=MAX_REASON, help_text="记入办理记录。", rows=3)


class ExtensionForm(forms.Form):
    until = DayField(label="延期至", help_text="当天24时前可以修改和报送。")
    reason = words_field("延期原因", max_length=MAX_REASON, rows=3)
