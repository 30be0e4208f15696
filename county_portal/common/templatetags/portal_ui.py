"""Words and shapes for pages: numbers, times, tones, icons and the geometry of small charts.

No queries and no state or role rules here: a view decides, these only put it on the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from county_portal.common import clock
from county_portal.common.numbers import readable
from county_portal.common.text import chinese_date

register = template.Library()

ICON_SPRITE = "vendor/bootstrap-icons-1.13.2/icons.svg"
ABSENT = "—"
HUNDRED = Decimal(100)
MINUTES_PER_HOUR = 60
DAYS_COUNTED = 30  # beyond them a date says more than a number of days
ROOMY = 8  # per cent of a bar; room for a letter and a count

TONE_ICONS = {
    "neutral": "dash-circle",
    "info": "info-circle-fill",
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "x-circle-fill",
}
# kind of movement -> (word, icon, tone)
MOVEMENTS = {
    "rise": ("跃升", "arrow-up-right", "success"),
    "fall": ("退档", "arrow-down-right", "danger"),
    "same": ("持平", "arrow-right", "neutral"),
    "new": ("首次参评", "plus-circle", "info"),
    "none": ("无可比", "dash-lg", "neutral"),
}
# state of one cell of an indicator table -> (word, icon, tone)
CELL_STATES = {
    "empty": ("未填", "circle", "neutral"),
    "unsaved": ("未保存", "pencil-square", "warning"),
    "saving": ("正在保存", "arrow-repeat", "info"),
    "saved": ("已保存", "check-lg", "success"),
    "failed": ("有误", "x-circle-fill", "danger"),
    "warned": ("有提示", "exclamation-triangle-fill", "warning"),
    "commented": ("有批注", "chat-left-text", "info"),
    "returned": ("被退回", "arrow-return-left", "danger"),
    "confirmed": ("已核定", "patch-check-fill", "success"),
    "locked": ("已锁定", "lock-fill", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the fixed pairs of word and sign."""

    word: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar; positions in per cent of its width."""

    letter: str
    count: int
    share: Decimal
    x: Decimal
    width: Decimal
    middle: Decimal
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a chart: x in per cent of the width, y in pixels."""

    x: Decimal
    y: Decimal
    label_y: Decimal
    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position on either axis."""

    position: Decimal
    text_y: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Everything `components/line_chart.html` draws."""

    height: int
    baseline: int
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    columns: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    limits: tuple[Tick, ...]
    summary: str


@register.filter(name="decimal")
def decimal_text(value: object) -> object:
    """Write a number exactly: thousands separated, trailing zeros dropped, absence as a dash."""
    number = as_decimal(value)
    if number is None:
        return ABSENT if value is None or value == "" else value
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.filter(name="readable")
def readable_text(value: object, beside: object = None) -> object:
    """Write a computed number as people read it, and exactly beside one it would be taken for."""
    number = as_decimal(value)
    return decimal_text(value if number is None else readable(number, as_decimal(beside)))


@register.filter
def fixed(value: object, places: int = 2) -> object:
    """Write a number with exactly `places` decimals, halves up; points are `fixed:2`."""
    number = as_decimal(value)
    if number is None:
        return ABSENT if value is None or value == "" else value
    rounded = round_half_up(number, places)
    return f"{abs(rounded) if rounded == 0 else rounded:,f}"


@register.filter
def signed(value: object, places: int = 2) -> object:
    """As `fixed`, with a plus sign before a gain."""
    number = as_decimal(value)
    text = fixed(value, places)
    return f"+{text}" if number is not None and round_half_up(number, places) > 0 else text


@register.filter
def percent_of(value: object, total: object) -> Decimal:
    """Return value as a share of total, 0 to 100, one decimal; 0 of nothing is 0."""
    return round_half_up(share(value, total), 1)


@register.filter
def percent_class(value: object, total: object = 100) -> str:
    """Return `pc-0` … `pc-100`, in steps of five, rounded down so that full means finished."""
    steps = (share(value, total) / 5).to_integral_value(ROUND_FLOOR)
    return f"pc-{int(steps) * 5}"


def share(value: object, total: object) -> Decimal:
    part, whole = as_decimal(value), as_decimal(total)
    if part is None or not whole:
        return Decimal(0)
    return min(max(part / whole * HUNDRED, Decimal(0)), HUNDRED)


def as_decimal(value: object) -> Decimal | None:
    """Read Decimal, int or text; a float is refused, since it is never exact."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def round_half_up(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@register.filter
def when(value: date | datetime | None) -> str:
    """Write 2020年4月29日 14:03, or the day alone for a date."""
    if not value:
        return ABSENT
    if isinstance(value, datetime):
        return f"{chinese_date(local(value).date())} {clock_text(value)}"
    return chinese_date(value)


@register.filter
def ago(value: date | datetime | None) -> str:
    """Write how long ago: 5分钟前, 今天 14:03, 昨天, 3天前; beyond a month the date itself."""
    if not value:
        return ABSENT
    today = clock.today()
    day = local(value).date() if isinstance(value, datetime) else value
    if isinstance(value, datetime) and day == today:
        return minutes_ago(value)
    hour = f" {clock_text(value)}" if isinstance(value, datetime) else ""
    near = {0: "今天", 1: "昨天", 2: "前天", -1: "明天"}.get((today - day).days)
    if near:
        return f"{near}{hour}"
    distance = (today - day).days
    return f"{distance}天前" if 0 < distance <= DAYS_COUNTED else when(value)


@register.filter
def until(value: date | datetime | None) -> str:
    """Write what is left: 剩 5 天, 今天截止, 已逾期 2 天. A date lasts until its day ends."""
    if not value:
        return "未定期限"
    day = local(value).date() if isinstance(value, datetime) else value
    left = (day - clock.today()).days
    if left > 0:
        return f"剩 {left} 天"
    if left < 0:
        return f"已逾期 {-left} 天"
    if is_overdue(value):
        return "今天已逾期"
    hour = f" {clock_text(value)} " if isinstance(value, datetime) else ""
    return f"今天{hour}截止"


@register.filter
def is_overdue(value: date | datetime | None) -> bool:
    if not value:
        return False
    if isinstance(value, datetime):
        return value < clock.now()
    return value < clock.today()


@register.filter
def is_near(value: date | datetime | None, days: int = 3) -> bool:
    """Say whether a deadline still ahead is at most `days` days away."""
    if not value or is_overdue(value):
        return False
    day = local(value).date() if isinstance(value, datetime) else value
    return day - clock.today() <= timedelta(days=days)


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def clock_text(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def minutes_ago(moment: datetime) -> str:
    minutes = (clock.now() - moment) // timedelta(minutes=1)
    if minutes < 0 or minutes >= MINUTES_PER_HOUR:
        return f"今天 {clock_text(moment)}"
    return f"{minutes}分钟前" if minutes else "刚刚"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a decorative icon of the vendored sprite; the word beside it carries the meaning."""
    drawing = (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    )
    return format_html(drawing, static(ICON_SPRITE), name)


@register.filter
def tone_icon(tone: str) -> str:
    """Return the name of a tone's icon."""
    return TONE_ICONS.get(tone, TONE_ICONS["neutral"])


@register.filter
def message_tone(tags: str) -> str:
    """Translate the level of a Django message into a tone."""
    levels = (("error", "danger"), ("warning", "warning"), ("success", "success"))
    return next((tone for level, tone in levels if level in tags), "info")


@register.filter
def movement_mark(kind: str) -> Mark:
    return Mark(*MOVEMENTS.get(kind, MOVEMENTS["none"]))


@register.filter
def cell_mark(state: str) -> Mark:
    return Mark(*CELL_STATES.get(state, CELL_STATES["empty"]))


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """Write the CSRF field inside a component included with `only`, where the context is bare."""
    request = getattr(context, "request", None)
    if request is None:
        return SafeString("")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)
    )


@register.simple_tag
def pages_around(page: Any) -> list[int | str]:
    """List the page numbers to offer; the paginator's ellipsis stands for the ones left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def stacked(parts: Iterable[tuple[str, int]]) -> list[Segment]:
    """Lay the (letter, count) pairs side by side along a bar; empty parts take no room."""
    counted = [(letter, count) for letter, count in parts if count]
    total = sum(count for _, count in counted)
    segments: list[Segment] = []
    before = 0
    for letter, count in counted:
        x, width = share(before, total), share(count, total)
        segments.append(
            Segment(
                letter=letter,
                count=count,
                share=round_half_up(width, 1),
                x=round_half_up(x, 3),
                width=round_half_up(width, 3),
                middle=round_half_up(x + width / 2, 3),
                is_wide=width >= ROOMY,
            )
        )
        before += count
    return segments


PLOT_TOP = Decimal(28)
PLOT_FOOT = 28
# Room for the axis on the left and for the names of the limits on the right.
PLOT_LEFT, PLOT_RIGHT = Decimal(12), Decimal(78)


@register.simple_tag
def line_chart(
    points: Sequence[tuple[str, Decimal | None]],
    limits: Iterable[tuple[str, Decimal]] | None = None,
    height: int = 220,
) -> LineChart:
    """Compute a small line chart; a missing value leaves a gap and is never drawn as zero."""
    marks = tuple(limits or ())
    known = [value for _, value in points if value is not None] + [value for _, value in marks]
    ticks = axis_ticks(known or [Decimal(0), Decimal(1)])
    baseline = height - PLOT_FOOT

    def y_of(value: Decimal) -> Decimal:
        level = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return round_half_up(baseline - level * (baseline - PLOT_TOP), 1)

    def tick(position: Decimal, text: str) -> Tick:
        return Tick(position, position - 4, text)

    step = (PLOT_RIGHT - PLOT_LEFT) / max(len(points) - 1, 1)
    places = [round_half_up(PLOT_LEFT + step * index, 2) for index in range(len(points))]
    dots = [
        None if value is None else Dot(x, y_of(value), y_of(value) - 10, label, value)
        for x, (label, value) in zip(places, points, strict=True)
    ]
    return LineChart(
        height=height,
        baseline=baseline,
        dots=tuple(dot for dot in dots if dot),
        lines=tuple((a, b) for a, b in pairwise(dots) if a and b),
        columns=tuple(tick(x, label) for x, (label, _) in zip(places, points, strict=True)),
        rows=tuple(tick(y_of(value), str(decimal_text(value))) for value in ticks),
        limits=tuple(tick(y_of(value), label) for label, value in marks),
        summary="；".join(f"{label} {decimal_text(value)}" for label, value in points),
    )


def axis_ticks(values: Sequence[Decimal]) -> list[Decimal]:
    """Return three to seven round figures that enclose all values."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / 4
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    ticks = [first]
    while ticks[-1] < high:
        ticks.append(ticks[-1] + step)
    return ticks
