"""Forms of the reviewing office: remarks, what a return asks, the ranking."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from applications.actions.moving import Wanted
from applications.actions.recommending import Placed, RankingInput
from applications.enums import Section
from applications.rules.materials import row_number
from applications.selectors.recommending import Line, Ranking
from county_portal.common.fields import CleanCharField, DayField, words_field

MAX_TEXT, MAX_ANSWER, MAX_REASONS, MAX_OPINION, MAX_PLACE = 1000, 500, 2000, 2000, 99


class GuidanceForm(forms.Form):
    """A remark on one section; the act says which sections there are."""

    text = words_field("指导意见", max_length=MAX_TEXT, rows=3)
    section = forms.CharField(required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The county's answer to one thing a return asks."""

    answer = words_field("答复", max_length=MAX_ANSWER, rows=2)


class RankingForm(forms.Form):
    """Place and reasons of each application the city decides on, and its opinion on all of them."""

    opinion = CleanCharField(
        label="推荐意见",
        required=False,
        max_length=MAX_OPINION,
        help_text="写入推荐函第二部分，对所推荐县（市、区）整体说明。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ranking: Ranking, **kwargs: Any) -> None:
        self.lines = [line for line in ranking.lines if line.may_be_placed]
        super().__init__(*args, **kwargs)
        self.initial.setdefault("opinion", ranking.opinion)
        self.initial["seen"] = ranking.mark
        for line in self.lines:
            self._add(line)

    def _add(self, line: Line) -> None:
        name, key = line.name, line.application.public_id
        words = f"“{name}”的推荐次序请填写1至{MAX_PLACE}的整数，暂不排定的留空。"
        self.fields[f"place-{key}"] = forms.IntegerField(
            label=f"{name}的推荐次序",
            required=False,
            min_value=1,
            max_value=MAX_PLACE,
            initial=line.place,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control"}),
        )
        self.fields[f"reasons-{key}"] = CleanCharField(
            label=f"{name}的推荐理由",
            required=False,
            max_length=MAX_REASONS,
            initial=line.reasons,
            widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        )

    def show_now(self, ranking: Ranking) -> None:
        """Carry the mark of what stands now, keeping what was typed: whoever saves again has seen it."""
        typed: Any = self.data
        data = typed.copy()
        data["seen"] = ranking.mark
        self.data = data

    @property
    def rows(self) -> list[tuple[Line, forms.BoundField, forms.BoundField]]:
        """Each application with its two fields."""
        return [
            (
                line,
                self[f"place-{line.application.public_id}"],
                self[f"reasons-{line.application.public_id}"],
            )
            for line in self.lines
        ]

    @property
    def entered(self) -> RankingInput:
        """What was entered, as the act takes it."""
        data = self.cleaned_data
        placed = [
            Placed(
                line.application.public_id,
                data[f"place-{line.application.public_id}"],
                data[f"reasons-{line.application.public_id}"],
            )
            for line in self.lines
        ]
        return RankingInput(placed, data["opinion"], data["seen"])


class ReasonForm(forms.Form):
    """Why a county is not recommended."""

    comment = words_field("不予推荐的理由", max_length=MAX_REASONS, rows=3)


class GiveBackForm(forms.Form):
    """What a return says: words for the county, the day, and what is wanted of each section or row.

    A box that has words is asked for; a blank one is not.
    """

    comment = words_field(
        "退回意见", max_length=MAX_REASONS, help_text="总的意见，县级科技局可见。", rows=3
    )
    due_on = DayField(label="改正期限", help_text="县级须在这一天（含）之前改正并重新报送。")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, orders: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orders = list(orders)
        for section in Section:
            self._add(f"section-{section}", f"对“{section.label}”的要求")
        for order in self.orders:
            self._add(f"row-{order}", f"对第{row_number(order)}行的要求")

    def _add(self, name: str, label: str) -> None:
        self.fields[name] = CleanCharField(
            label=label,
            required=False,
            max_length=MAX_ANSWER,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        )

    @property
    def sections(self) -> list[forms.BoundField]:
        """The boxes of the sections."""
        return [self[f"section-{section}"] for section in Section]

    def row(self, order: int) -> forms.BoundField:
        """The box of a row of the table."""
        return self[f"row-{order}"]

    @property
    def move_details(self) -> tuple[list[Wanted], str, date]:
        """What is wanted, the words and the day."""
        data = self.cleaned_data
        wanted = [
            Wanted(section, data[f"section-{section}"])
            for section in Section
            if data[f"section-{section}"]
        ]
        wanted += [
            Wanted(Section.TABLE, data[f"row-{order}"], order)
            for order in self.orders
            if data[f"row-{order}"]
        ]
        return wanted, data["comment"], data["due_on"]
