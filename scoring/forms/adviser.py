"""Forms of thinking ahead: what moving a quantity costs, how far it may go, and changed figures of a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common.errors import Invalid
from county_portal.common.fields import CleanCharField
from county_portal.common.numbers import NumberFormat, parse_number, plain
from scoring.ground import Ground
from scoring.improvements import COUNTED
from scoring.levers import Lever, quantity_levers, snapped
from scoring.planning import Shelf, Wish, Wishes, shelves

MAX_NUMBER = 20
COST_DECIMALS = 4
GREATEST_COST = Decimal(10**8)


def _input(label: str) -> CleanCharField:
    widget = forms.TextInput(
        attrs={
            "class": "form-control",
            "inputmode": "decimal",
            "autocomplete": "off",
            "aria-label": label,
        }
    )
    return CleanCharField(
        label=label,
        required=False,
        max_length=MAX_NUMBER,
        widget=widget,
        error_messages={"max_length": f"“{label}”填写的不是有效的数值，请核对。"},
    )


@dataclass(frozen=True, slots=True)
class WishRow:
    """One quantity or list with its fields, for the template."""

    lever: Lever | None
    shelf: Shelf | None
    cost: forms.BoundField
    limit: forms.BoundField
    pinned: forms.BoundField
    kind: forms.BoundField | None
    denominators: Sequence[tuple[str, str, Decimal, forms.BoundField]]  # label, unit, now, field


class PlanForm(forms.Form):
    """Fields `c-`, `m-`, `s-`, `k-` with the key of a lever, `d-` with an indicator's code; all may be blank."""

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground = ground
        self.levers, self.shelves = quantity_levers(ground), shelves(ground)
        for lever in self.levers:
            self._add(lever.key, lever.label, lever.unit)
            for code in lever.codes:
                self._add_denominator(code)
        for shelf in self.shelves:
            self._add(shelf.key, shelf.indicator.name, "项")
            self.fields[f"k-{shelf.key}"] = forms.ChoiceField(
                label=f"“{shelf.indicator.name}”增加哪一类",
                required=False,
                choices=[(kind.code, kind.name) for kind in shelf.kinds],
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"invalid_choice": "所选类别不存在，请重新选择。"},
            )

    def _add(self, key: str, label: str, unit: str) -> None:
        self.fields[f"c-{key}"] = _input(f"“{label}”每{unit or '单位'}花费")
        self.fields[f"m-{key}"] = _input(f"“{label}”最多到")
        self.fields[f"s-{key}"] = forms.BooleanField(
            label=f"不动“{label}”",
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )

    def _add_denominator(self, code: str) -> None:
        figure = self.ground.figures[code]
        measure = figure.carried.measure if figure.carried else figure.measure
        if measure.numerator is not None and measure.denominator:
            words = self.ground.words[code]
            self.fields[f"d-{code}"] = _input(f"预计{words.denominator}")

    def clean(self) -> dict[str, Any]:
        """Read every number by the portal's one normaliser."""
        data = super().clean() or self.cleaned_data
        for lever in self.levers:
            data[f"c-{lever.key}"] = self._cost(lever.key)
            data[f"m-{lever.key}"] = self._limit(lever)
            for code in lever.codes:
                if f"d-{code}" in self.fields:
                    data[f"d-{code}"] = self._denominator(code)
        for shelf in self.shelves:
            data[f"c-{shelf.key}"] = self._cost(shelf.key)
            data[f"m-{shelf.key}"] = self._read(f"m-{shelf.key}", NumberFormat(integer=True))
        return data

    def _read(self, name: str, accepts: NumberFormat) -> Decimal | None:
        text = self.cleaned_data.get(name) or ""
        try:
            return parse_number(text, accepts, str(self.fields[name].label).strip("“”"))
        except Invalid as wrong:
            self.add_error(name, forms.ValidationError(wrong.sentence, code=wrong.code))
            return None

    def _cost(self, key: str) -> Decimal | None:
        name = f"c-{key}"
        cost = self._read(name, NumberFormat())
        if cost is None:
            return None
        if cost > GREATEST_COST or cost != round(cost, COST_DECIMALS):
            sentence = f"花费最多{COST_DECIMALS}位小数，且不超过1亿，请换用大一些或小一些的单位。"
            self.add_error(name, forms.ValidationError(sentence, code="cost_out_of_range"))
            return None
        return cost

    def _limit(self, lever: Lever) -> Decimal | None:
        """A target, or with a plus sign before and a percent sign after it a growth over the present figure."""
        name = f"m-{lever.key}"
        text = str(self.cleaned_data.get(name) or "").strip().replace("＋", "+").replace("％", "%")
        if not (text.startswith(("+", "-", "－")) and text.endswith("%")):
            return self._read(name, NumberFormat(unit=lever.unit, integer=lever.unit in COUNTED))
        self.cleaned_data[name] = text[1:-1]
        growth = self._read(name, NumberFormat())
        if growth is None:
            return None
        if not lever.start:
            sentence = "现在没有数值，不能按百分比限制，请直接填写最多到多少。"
            self.add_error(name, forms.ValidationError(sentence, code="growth_without_base"))
            return None
        share = growth / 100
        end = lever.start * (1 + share if lever.rises else max(1 - share, Decimal(0)))
        # No half enterprise, and no more decimals than the quantity is moved in.
        return snapped(end, lever.step, up=not lever.rises)

    def _denominator(self, code: str) -> Decimal | None:
        name = f"d-{code}"
        number = self._read(name, NumberFormat())
        if number == 0:
            sentence = f"“{self.fields[name].label}”为0，不能作分母，请核对。"
            self.add_error(name, forms.ValidationError(sentence, code="denominator_zero"))
            return None
        return number

    @property
    def wishes(self) -> Wishes:
        """What was set; call on a valid form."""
        data = self.cleaned_data
        keys = [lever.key for lever in self.levers] + [shelf.key for shelf in self.shelves]
        return Wishes(
            levers={
                key: Wish(
                    cost=data[f"c-{key}"],
                    limit=data[f"m-{key}"],
                    pinned=data[f"s-{key}"],
                    kind=data.get(f"k-{key}", ""),
                )
                for key in keys
            },
            denominators={
                name[2:]: data[name]
                for name in self.fields
                if name.startswith("d-") and data[name] is not None
            },
        )

    @property
    def rows(self) -> list[WishRow]:
        """Quantities in table order, then lists."""
        quantities = [
            WishRow(lever, None, *self._common(lever.key), None, self._denominators(lever))
            for lever in self.levers
        ]
        lists = [
            WishRow(None, shelf, *self._common(shelf.key), self[f"k-{shelf.key}"], ())
            for shelf in self.shelves
        ]
        return quantities + lists

    def _common(self, key: str) -> tuple[forms.BoundField, forms.BoundField, forms.BoundField]:
        return self[f"c-{key}"], self[f"m-{key}"], self[f"s-{key}"]

    def _denominators(self, lever: Lever) -> list[tuple[str, str, Decimal, forms.BoundField]]:
        found = []
        for code in lever.codes:
            name, figure = f"d-{code}", self.ground.figures[code]
            measure = figure.carried.measure if figure.carried else figure.measure
            if name in self.fields and measure.denominator:
                words = self.ground.words[code]
                found.append(
                    (words.denominator, words.denominator_unit, measure.denominator, self[name])
                )
        return found


def changes_query(figures: Sequence[Any]) -> dict[str, str]:
    """Figures of a plan as the fields of a scenario's form, to be handed on in an address."""
    query: dict[str, str] = {}
    for figure in figures:
        code, measure = figure.indicator, figure.measure
        if measure.items:
            counts: dict[str, int] = {}
            for item in measure.items:
                counts[item.kind] = counts.get(item.kind, 0) + 1
            query |= {f"i-{code}-{kind}": str(count) for kind, count in counts.items()}
        elif measure.numerator is not None and measure.denominator is not None:
            query[f"n-{code}"] = plain(measure.numerator)
            query[f"d-{code}"] = plain(measure.denominator)
        else:
            query[f"v-{code}"] = plain(measure.value)
    return query
