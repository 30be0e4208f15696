"""What pages of plans need beyond the shared components."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from county_portal.common.numbers import readable
from county_portal.common.templatetags.portal_ui import decimal_text, round_half_up
from uplift.enums import PlanAction

if TYPE_CHECKING:
    from uplift.models import PlanVersion
    from uplift.rules.text import TargetLine
    from uplift.selectors.outlook import Outlook, OutlookLine, Standing

register = template.Library()
_DECIDED = frozenset({PlanAction.RETURN, PlanAction.SETTLE, PlanAction.CLOSE})
ROW, TEXT, BAR = 34, 12, 10
# The target stands at this share of the width; what lies beyond is cut off at the edge.
GOAL = Decimal(70)
_FULL = Decimal(100)


@register.simple_tag
def target(line: "TargetLine", name: str) -> Decimal | None:
    """The target of a class."""
    return line.targets.get(name)


@register.simple_tag
def class_cell(row: object, prefix: str, name: str) -> object:
    """The cell of a class in a row of a form."""
    return row[f"{prefix}-{name}"]  # type: ignore[index]  # a forms.rows.Row


@register.simple_tag
def act_url(version: "PlanVersion", action: str) -> str:
    """Where a step is confirmed."""
    name = "uplift:decide_act" if action in _DECIDED else "uplift:plan_act"
    return reverse(name, args=[version.public_id, str(action)])


@register.simple_tag
def part_url(version: "PlanVersion", part: str) -> str:
    """Where the part of a draft that has a fault is written; growth and fund share a page."""
    page = "money" if part in {"growth", "fund"} else part
    return reverse(f"uplift:edit_{page}", args=[version.public_id])


@register.filter
def away(number: Decimal) -> object:
    """By how much, without its sign, as people read it."""
    return decimal_text(readable(abs(number)))


@register.filter
def standing_note(standing: "Standing | None") -> str:
    """Which list a class is from."""
    if standing is None:
        return ""
    return f"{standing.data_year}年度名单，{standing.total}分"


@register.filter
def aim_note(outlook: "Outlook") -> str:
    """Where a county starts in the plan."""
    return f"计划基期{outlook.start}类" if outlook.start else "计划没有列出基期类别"


@register.filter
def judged_note(outlook: "Outlook") -> str:
    """Of how many it can be said."""
    return f"可判断{outlook.judged}项，共{len(outlook.lines)}项"


@dataclass(frozen=True, slots=True)
class Bar:
    """One indicator's bar; positions in pixels, lengths in per cent of the width."""

    label: str
    y: int
    now: Decimal | None
    forecast: Decimal | None

    @property
    def text_y(self) -> int:
        """The label's base line."""
        return self.y - 4

    @property
    def y_end(self) -> int:
        """The bar's foot."""
        return self.y + BAR


@dataclass(frozen=True, slots=True)
class Bars:
    """The chart; the same in words for who does not see it."""

    rows: Sequence[Bar]
    height: int
    goal: Decimal
    summary: str


@register.simple_tag
def bars(outlook: "Outlook") -> Bars:
    """A bar for each target, with what is known of it; a missing figure is never drawn as 0."""
    lines = [line for line in outlook.lines if line.target]
    rows = [
        Bar(_label(line), place * ROW + TEXT + 6, _length(line.share), _length(line.forecast_share))
        for place, line in enumerate(lines)
    ]
    return Bars(rows, len(rows) * ROW + 4, GOAL, "；".join(row.label for row in rows))


def _label(line: "OutlookLine") -> str:
    share = "缺报" if line.share is None else f"{round_half_up(line.share, 0)}%"
    return f"{line.line.name} {share}"


def _length(share: Decimal | None) -> Decimal | None:
    return None if share is None else min(round_half_up(share * GOAL / _FULL, 1), _FULL)
