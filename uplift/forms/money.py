"""Growth rules and the special fund as typed, and a use of the fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms

from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.numbers import NumberFormat, parse_number, plain
from uplift.actions.spending import SpendingInput
from uplift.enums import GrowthMode
from uplift.forms.rows import Cell, Row
from uplift.rules.text import FundYear, Growth, PlanText

BLANK_ROWS = 2
MAX_CENTS = 2


@dataclass(slots=True)
class MoneyForm:
    """Growth rules and the fund on one page."""

    text: PlanText
    meanings: Mapping[str, tuple[str, str]]
    growth_rows: list[Row] = field(default_factory=list)
    fund_rows: list[Row] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    fund: list[FundYear] = field(default_factory=list)

    @classmethod
    def of(cls, text: PlanText, meanings: Mapping[str, tuple[str, str]]) -> "MoneyForm":
        """With what is stored, and some rows more."""
        form = cls(text, meanings)
        rules: Sequence[Growth | None] = [*text.growth, *[None] * BLANK_ROWS]
        years: Sequence[FundYear | None] = [*text.fund, *[None] * BLANK_ROWS]
        form.growth_rows = [form._growth_row(place, rule) for place, rule in enumerate(rules)]
        form.fund_rows = [_fund_row(place, each) for place, each in enumerate(years)]
        return form

    @classmethod
    def read(
        cls, text: PlanText, meanings: Mapping[str, tuple[str, str]], data: Mapping[str, str]
    ) -> "MoneyForm":
        """With what was typed; rows without anything in them are left out."""
        form = cls(text, meanings)
        rules = sum(name.startswith("meaning-") for name in data)
        years = sum(name.startswith("year-") for name in data)
        form.growth_rows = [form._growth_row(place, None).fill(data) for place in range(rules)]
        form.fund_rows = [_fund_row(place, None).fill(data) for place in range(years)]
        read = [form._read_growth(row) for row in form.growth_rows if row["meaning"].text]
        form.growth = [each for each in read if each]
        funds = [_read_fund(row) for row in form.fund_rows if not row.is_blank]
        form.fund = [each for each in funds if each]
        return form

    @property
    def faults(self) -> list[Cell]:
        """Every cell with a fault."""
        return [cell for row in (*self.growth_rows, *self.fund_rows) for cell in row.faults]

    def edit(self, text: PlanText) -> PlanText:
        """The text with these."""
        return replace(text, growth=tuple(self.growth), fund=tuple(self.fund))

    def _growth_row(self, place: int, rule: Growth | None) -> Row:
        choices = (("", "（不设）"), *((code, name) for code, (name, _) in self.meanings.items()))
        modes = tuple((str(mode), str(mode.label)) for mode in GrowthMode)
        return Row(
            {
                "meaning": Cell(
                    f"meaning-{place}", "数据", rule.meaning if rule else "", choices=choices
                ),
                "mode": Cell(
                    f"mode-{place}",
                    "方式",
                    str(rule.mode) if rule else str(GrowthMode.YEARLY),
                    choices=modes,
                ),
                "percent": Cell(
                    f"percent-{place}", "不低于（%）", plain(rule.percent) if rule else ""
                ),
                "sentence": Cell(f"growth-words-{place}", "原文", rule.sentence if rule else ""),
            }
        )

    def _read_growth(self, row: Row) -> Growth | None:
        meaning, mode = row["meaning"].choice(), row["mode"].choice()
        percent = row["percent"].number("%", required=True)
        sentence = row["sentence"].words(1000)
        if percent is not None and percent <= 0:
            row["percent"].fault = "增长要求应大于0%，请改正。"
        if any(row.faults) or percent is None:
            return None
        return Growth(meaning, percent, GrowthMode(mode), sentence)


def _fund_row(place: int, each: FundYear | None) -> Row:
    return Row(
        {
            "year": Cell(f"year-{place}", "年度", str(each.year) if each else ""),
            "amount": Cell(f"amount-{place}", "金额（元）", plain(each.amount) if each else ""),
            "uses": Cell(f"uses-{place}", "用途", each.uses if each else ""),
        }
    )


def _read_fund(row: Row) -> FundYear | None:
    year = row["year"].year()
    amount = row["amount"].number("元", required=True)
    uses = row["uses"].words(1000)
    if amount is not None and (amount <= 0 or amount != round(amount, MAX_CENTS)):
        row["amount"].fault = "金额应大于0元，最多两位小数，请改正。"
    if any(row.faults) or year is None or amount is None:
        return None
    return FundYear(year, amount, uses)


class AmountField(CleanCharField):
    """Yuan."""

    def clean(self, value: Any) -> Any:
        """A positive amount with two decimals at most."""
        text = super().clean(value)
        try:
            amount = parse_number(str(text), NumberFormat(unit="元"), str(self.label))
        except Invalid as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal
        if amount is None or amount <= 0 or amount != round(amount, MAX_CENTS):
            raise forms.ValidationError("金额应大于0元，最多两位小数，请核对。", code="amount")
        return amount


class SpendingForm(forms.Form):
    """One use of the fund."""

    year = forms.TypedChoiceField(
        label="资金年度", coerce=int, error_messages={"required": "请选择资金年度。"}
    )
    amount = AmountField(
        label="金额（元）",
        max_length=30,
        error_messages={"required": "请填写金额。"},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    use = CleanCharField(label="用途", max_length=200, error_messages={"required": "请填写用途。"})
    region = forms.ChoiceField(label="使用县（市、区）", required=False)
    document_number = CleanCharField(
        label="下达文号", max_length=80, error_messages={"required": "请填写下达文号。"}
    )
    spent_on = DayField(label="下达日期", initial=clock.today)

    def __init__(
        self, *args: Any, years: Sequence[int], counties: Sequence[Region], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._counties = {str(region.public_id): region for region in counties}
        year: Any = self.fields["year"]
        year.choices = [(each, f"{each}年") for each in years]
        region: Any = self.fields["region"]
        names = [(key, row.full_name) for key, row in self._counties.items()]
        region.choices = [("", "市本级或不分县"), *names]

    @property
    def spending(self) -> SpendingInput:
        """What the action takes."""
        data = dict(self.cleaned_data)
        return SpendingInput(**{**data, "region": self._counties.get(data["region"])})


class RevokeForm(forms.Form):
    """Why an entry is taken back."""

    reason = words_field("撤销原因", max_length=500)
