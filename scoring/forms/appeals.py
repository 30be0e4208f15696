"""Forms of appeals: filing, the corrected figure, opinions, the list's filter."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField, words_field
from county_portal.common.list_filters import ListFilter, chip_field, region_field
from county_portal.common.numbers import plain
from indicators.enums import IndicatorKind
from scoring.actions.appeals import MAX_FILES, AppealInput, Opinion, Review
from scoring.claims import MAX_ITEM_NAME, AddedItem, ClaimInput, ClaimSpec
from scoring.engine.types import Figure
from scoring.enums import AppealState
from scoring.selectors.appeals import AppealFilter, list_appeal_offices, list_appeal_years

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_WORDS = 1000
# Rows for items a county would add; more in one appeal come as evidence.
ADDED_ROWS = 4
# Where a refusal that names no field of the form is shown.
_SHOWN_AT = {"added": "name_1", "panel": "panel_1", "file": "evidence", "files": "evidence"}


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files chosen at once; a list, empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_FilesInput(), required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file as a single field would take it."""
        return [super(FilesField, self).clean(each, initial) for each in data or [] if each]


class ClaimForm(forms.Form):
    """The fields of one figure, as the kind of indicator asks; all may be left blank."""

    def __init__(
        self, *args: Any, spec: ClaimSpec, word: str, asks_panel: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        if spec.is_itemised:
            self._add_items(word)
        elif not spec.is_panel:
            self._add_numbers(word)
        elif asks_panel:
            self._add_panel(word)

    def _add_numbers(self, word: str) -> None:
        cell = self.spec.cell
        unit = f"（{cell.unit}）" if cell.unit else ""
        self._add("text", f"{word}{unit}", "只填数字，单位不用填写。")
        if cell.kind == IndicatorKind.RATE:
            self._add("numerator", f"其中：{cell.numerator_label}", "")
            self._add("denominator", f"其中：{cell.denominator_label}", "分子、分母须同时填写。")

    def _add(self, name: str, label: str, help_text: str, max_length: int = 60) -> None:
        self.fields[name] = CleanCharField(
            label=label, required=False, max_length=max_length, help_text=help_text
        )

    def _add_items(self, word: str) -> None:
        items = self.spec.scored.measure.items
        kinds = dict(self.spec.kinds)
        if items:
            self.fields["dropped"] = forms.TypedMultipleChoiceField(
                label="不应计入的项目",
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (place, f"{item.name}（{kinds.get(item.kind, item.kind)}）")
                    for place, item in enumerate(items)
                ],
            )
        for place in range(1, ADDED_ROWS + 1):
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=f"{word}{place}：类别",
                required=False,
                choices=[("", "不增加"), *self.spec.kinds],
            )
            self._add(f"name_{place}", f"{word}{place}：名称", "", MAX_ITEM_NAME)

    def _add_panel(self, word: str) -> None:
        for place, score in enumerate(self.spec.scored.measure.panel or (None,), 1):
            label = (
                f"{word}：第{place}位专家评分（原{plain(score)}分）" if score is not None else word
            )
            self._add(f"panel_{place}", label, "")

    @property
    def claim(self) -> ClaimInput:
        """The figure as typed."""
        data = self.cleaned_data
        rows = range(1, ADDED_ROWS + 1)
        return ClaimInput(
            data.get("text", ""),
            data.get("numerator", ""),
            data.get("denominator", ""),
            frozenset(data.get("dropped") or ()),
            tuple(
                AddedItem(data.get(f"kind_{place}", ""), data.get(f"name_{place}", ""))
                for place in rows
                if f"kind_{place}" in self.fields
            ),
            tuple(text for name, text in data.items() if name.startswith("panel_")),
        )

    def show(self, refusal: Invalid) -> None:
        """Put a refusal at the field it speaks of."""
        field = _SHOWN_AT.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, refusal.sentence)


def claim_initial(spec: ClaimSpec, figure: Figure | None) -> dict[str, Any]:
    """What a claim form begins with for a figure already claimed."""
    if figure is None:
        return {}
    if not spec.is_itemised:
        measure = figure.measure
        return {
            "text": plain(measure.value),
            "numerator": plain(measure.numerator),
            "denominator": plain(measure.denominator),
        }
    scored, claimed = spec.scored.measure.items, figure.measure.items
    initial: dict[str, Any] = {
        "dropped": [place for place, item in enumerate(scored) if item not in claimed]
    }
    for place, item in enumerate((item for item in claimed if item not in scored), 1):
        initial |= {f"kind_{place}": item.kind, f"name_{place}": item.name}
    return initial


class AppealForm(ClaimForm):
    """An appeal against one line."""

    claim_words = words_field(
        "申诉理由",
        max_length=MAX_WORDS,
        help_text="写明计分有误之处、正确的情况和依据，市、省两级可见。",
    )
    evidence = FilesField(label="证明材料")

    field_order = ("claim_words",)

    def __init__(self, *args: Any, spec: ClaimSpec, **kwargs: Any) -> None:
        word = "应增加的项目" if spec.is_itemised else "主张的数值"
        super().__init__(*args, spec=spec, word=word, **kwargs)
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields[
            "evidence"
        ].help_text = f"可一次选择多个，最多{MAX_FILES}个；PDF、JPG、PNG、XLSX或DOCX，每个不超过{megabytes}MB。"
        self.order_fields([*(name for name in self.fields if name != "evidence"), "evidence"])

    def appeal_input(self, list_id: UUID, region_id: UUID) -> AppealInput:
        """What the action takes."""
        data = self.cleaned_data
        files: Sequence[UploadedFile] = data["evidence"]
        code = self.spec.cell.code
        return AppealInput(list_id, region_id, code, data["claim_words"], self.claim, files)

    def show(self, refusal: Invalid) -> None:
        """The reason stands under another name, since `claim` is the figure."""
        field = "claim_words" if refusal.field == "claim" else refusal.field
        super().show(Invalid(refusal.code, refusal.sentence, field))


class ReviewForm(ClaimForm):
    """The province's review: a corrected figure or none, in words."""

    verdict = forms.ChoiceField(
        label="复查意见",
        widget=forms.RadioSelect,
        choices=[("yes", "拟予更正，更正后的数据如下"), ("no", "维持原数据，不予更正")],
        error_messages={"required": "请选择复查意见。", "invalid_choice": "请选择复查意见。"},
    )
    words = words_field("复查理由", max_length=MAX_WORDS)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, spec: ClaimSpec, **kwargs: Any) -> None:
        word = "应增加的项目" if spec.is_itemised else "更正后的数值"
        word = "更正后的评分" if spec.is_panel else word
        super().__init__(*args, spec=spec, word=word, asks_panel=True, **kwargs)
        self.order_fields(
            [
                "verdict",
                *(name for name in self.fields if name not in {"words", "verdict"}),
                "words",
            ]
        )

    @property
    def review(self) -> Review:
        """What the action takes."""
        data = self.cleaned_data
        return Review(data["verdict"] == "yes", data["words"], data["seen"], self.claim)

    def show(self, refusal: Invalid) -> None:
        """A refusal about a blank comment is about the words."""
        field = "words" if refusal.field == "comment" else refusal.field
        super().show(Invalid(refusal.code, refusal.sentence, field))


class VerdictForm(forms.Form):
    """One of several answers, with words; `seen` is what the page was drawn from."""

    verdict = forms.ChoiceField(
        label="意见",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择意见。", "invalid_choice": "请选择意见。"},
    )
    words = words_field("理由", max_length=MAX_WORDS)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, answers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict: Any = self.fields["verdict"]
        verdict.choices = answers

    @property
    def opinion(self) -> Opinion:
        """What the actions take."""
        data = self.cleaned_data
        return Opinion(data["verdict"] == "yes", data["words"], data["seen"])


class GoOnForm(forms.Form):
    """Why the province goes on without the city's opinion."""

    words = words_field("说明", max_length=MAX_WORDS, rows=3)


class AppealFilterForm(ListFilter[AppealFilter]):
    """What the list of appeals is narrowed to."""

    year = forms.TypedChoiceField(label="数据年度", required=False, coerce=int, empty_value=None)
    office = forms.ChoiceField(label="审核单位", required=False)
    q = region_field()
    state = chip_field()

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.offer("year", [(year, f"{year}年") for year in list_appeal_years(user)], "全部年度")
        self.offer_offices(list_appeal_offices(user) if user.level == Level.PROVINCE else None)
        if user.level == Level.COUNTY:
            self.withhold("q")

    @property
    def wanted(self) -> AppealFilter:
        """The filter the selectors take."""
        return AppealFilter(
            self.number("year"),
            self.identity("office"),
            self.one_of("state", AppealState.values),
            self.said("q"),
        )
