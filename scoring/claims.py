"""Reading the figure a county claims or the province would correct to, by the rules of the form it once filled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text
from indicators.enums import IndicatorKind
from indicators.rules import CellInput, CellSpec, read_cell
from scoring.engine.types import Figure, FigureStatus, Item, Measure
from scoring.rules import PANEL_PLACES

MAX_ITEM_NAME = 120


@dataclass(frozen=True, slots=True)
class AddedItem:
    """One more named item: its kind's code, and its name as typed."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """A figure as typed; what does not suit the kind of indicator is blank.

    `dropped` names items by their place in the scored list, `panel` holds one entry per expert.
    """

    text: str = ""
    numerator: str = ""
    denominator: str = ""
    dropped: frozenset[int] = frozenset()
    added: tuple[AddedItem, ...] = ()
    panel: tuple[str, ...] = ()


NO_FIGURE = ClaimInput()


@dataclass(frozen=True, slots=True)
class ClaimSpec:
    """What a claim is read by: the indicator, its kinds of items (code, name), the figure that was scored."""

    cell: CellSpec
    kinds: Sequence[tuple[str, str]]
    scored: Figure

    @property
    def is_itemised(self) -> bool:
        """Whether items are named."""
        return self.cell.kind == IndicatorKind.ITEMISED

    @property
    def is_panel(self) -> bool:
        """Whether experts gave the points."""
        return self.cell.kind == IndicatorKind.QUALITATIVE


def read_claim(spec: ClaimSpec, typed: ClaimInput) -> Figure | None:
    """The figure, or None where nothing was typed.

    Raises Invalid, `field` naming the input, for what the form would refuse and for a figure that is the scored one.
    """
    if spec.is_itemised:
        measure = _items(spec, typed)
    elif spec.is_panel:
        measure = _panel(spec, typed.panel)
    else:
        measure = _number(spec, typed)
    if measure is None:
        return None
    scored = spec.scored
    if scored.absence is None and _content(measure) == _content(scored.measure):
        raise Invalid(
            "figure_unchanged",
            f"“{spec.cell.name}”所填数据与计分所用数据（{figure_text(spec, scored)}）相同，请核对后填写不同的数据。",
            "text",
        )
    return Figure(spec.cell.code, measure, status=FigureStatus.APPROVED)


def _content(measure: Measure) -> tuple[object, ...]:
    return (
        measure.value,
        measure.numerator,
        measure.denominator,
        sorted((item.kind, item.name) for item in measure.items),
        sorted(measure.panel),
    )


def _number(spec: ClaimSpec, typed: ClaimInput) -> Measure | None:
    if not any(part.strip() for part in (typed.text, typed.numerator, typed.denominator)):
        return None
    cell = CellInput(typed.text, typed.numerator, typed.denominator)
    figure, errors = read_cell(spec.cell, cell)
    if errors:
        raise Invalid(errors[0].code, errors[0].sentence, errors[0].part)
    return replace(
        spec.scored.measure,
        value=figure.number,
        numerator=figure.numerator,
        denominator=figure.denominator,
        factor=spec.cell.factor,
    )


def _items(spec: ClaimSpec, typed: ClaimInput) -> Measure | None:
    added = [_item(spec, each) for each in typed.added if each.kind or each.name.strip()]
    scored = spec.scored.measure
    if not typed.dropped and not added:
        return None
    kept = [item for place, item in enumerate(scored.items) if place not in typed.dropped]
    items = (*kept, *added)
    for item in added:
        if [(each.kind, each.name) for each in items].count((item.kind, item.name)) > 1:
            raise Invalid(
                "item_repeated",
                f"“{item.name}”已在“{spec.cell.name}”的清单中，不能重复列入，请核对名称和类别。",
                "added",
            )
    # The number beside a list, where one was given, is how many it names.
    value = None if scored.value is None else Decimal(len(items))
    return replace(scored, value=value, items=items)


def _item(spec: ClaimSpec, typed: AddedItem) -> Item:
    if typed.kind not in dict(spec.kinds):
        raise Invalid("item_kind_required", "请为新增的项目选择类别。", "added")
    try:
        name = clean_text(typed.name)
    except ValueError as error:
        raise Invalid(
            "text_control_character", "项目名称含有不可见的控制字符，请重新输入。", "added"
        ) from error
    if not name or len(name) > MAX_ITEM_NAME:
        raise Invalid(
            "item_name_required", f"请填写新增项目的名称，最多{MAX_ITEM_NAME}字。", "added"
        )
    return Item(typed.kind, name)


def _panel(spec: ClaimSpec, typed: Sequence[str]) -> Measure | None:
    if not any(text.strip() for text in typed):
        return None
    scores = []
    for text in typed:
        score = parse_number(text, NumberFormat(unit="分"), "专家评分")
        if score is None or score != score.quantize(Decimal(1).scaleb(-PANEL_PLACES)):
            raise Invalid(
                "panel_score_malformed",
                f"请逐一填写各位专家的评分，最多{PANEL_PLACES}位小数。",
                "panel",
            )
        scores.append(score)
    return replace(spec.scored.measure, panel=tuple(scores))


def figure_text(spec: ClaimSpec, figure: Figure) -> str:
    """A figure in words: 0.35%（科技支出1900，财政支出543000）, 缺报, 3项：甲、乙、丙."""
    measure, cell = figure.measure, spec.cell
    if spec.is_panel and measure.panel:
        return "专家评分" + "、".join(plain(score) for score in sorted(measure.panel))
    if figure.absence is not None:
        return figure.absence.label
    if spec.is_itemised:
        names = "、".join(item.name for item in measure.items)
        return f"{len(measure.items)}项：{names}" if names else "0项"
    parts = [f"{plain(measure.value)}{cell.unit}"] if measure.value is not None else []
    if measure.numerator is not None and measure.denominator is not None:
        parts.append(
            f"{cell.numerator_label}{plain(measure.numerator)}，{cell.denominator_label}{plain(measure.denominator)}"
        )
    return f"{parts[0]}（{parts[1]}）" if len(parts) > 1 else "".join(parts) or "未填"
