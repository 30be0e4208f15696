"""Charts of the grading room: numbers to coordinates; the SVG itself is in the templates.

Across, coordinates are per cent of the drawing, so that it fits any page; down they are pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from county_portal.common.province import province
from scoring.spread import Bin, Quarters
from scoring.transitions import Kind, Transitions

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram."""

    x: Decimal
    width: Decimal
    y: Decimal
    height: Decimal
    middle: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled place on the scale."""

    x: Decimal
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many counties in each bin; `limits` are the class limits."""

    height: int
    top: int
    baseline: int
    bars: Sequence[Bar]
    ticks: Sequence[Mark]
    limits: Sequence[Mark]


def histogram(
    bins: Sequence[Bin], limits: Sequence[tuple[str, Decimal]], full: Decimal
) -> Histogram:
    """Bars as high as the fullest bin allows; every fourth bin is labelled."""
    top, baseline, height = 44, 220, 248
    most = max((each.count for each in bins), default=1) or 1
    bars = []
    for each in bins:
        x, right = _percent(each.start, full), _percent(min(each.end, full), full)
        tall = _round(Decimal(baseline - top) * each.count / most)
        bars.append(Bar(x, right - x, baseline - tall, tall, (x + right) / 2, each.count))
    ticks = [
        Mark(_percent(each.start, full), f"{each.start:f}", "start" if not place else "middle")
        for place, each in enumerate(bins)
        if place % 4 == 0
    ]
    ticks.append(Mark(_HUNDRED, f"{full:f}", "end"))
    marks = [Mark(_percent(limit, full), f"{name}类 {limit:f}") for name, limit in limits]
    return Histogram(height, top, baseline, bars, ticks, marks)


@dataclass(frozen=True, slots=True)
class Box:
    """Least to most as a line, the middle half as a box, the median as a stroke."""

    least: Decimal
    first: Decimal
    middle: Decimal
    third: Decimal
    most: Decimal

    @property
    def width(self) -> Decimal:
        """Of the middle half; never nothing, or equal totals would vanish."""
        return max(self.third - self.first, Decimal("0.4"))


def box(quarters: Quarters, full: Decimal) -> Box:
    """On the scale from nothing to full marks."""
    return Box(
        *(
            _percent(each, full)
            for each in (
                quarters.least,
                quarters.first,
                quarters.middle,
                quarters.third,
                quarters.most,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Block:
    """All counties of one class on one side."""

    y: Decimal
    height: Decimal
    label: str
    count: int
    shade: str
    text_y: Decimal


@dataclass(frozen=True, slots=True)
class Flow:
    """The counties that went from one block to another, as a filled band."""

    path: str
    shade: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Sankey:
    """Bands between two columns; the paths' own width is 100."""

    height: Decimal
    sources: Sequence[Block]
    targets: Sequence[Block]
    flows: Sequence[Flow]


_GAP = Decimal(26)
_ROOM = Decimal(220)


def sankey(found: Transitions) -> Sankey:
    """A band is as thick as counties went that way, and at least a line."""
    whole = sum(found.totals) or 1
    unit = _ROOM / whole
    sources = _blocks([(row.source, row.count) for row in found.rows], unit)
    targets = _blocks(list(zip(found.targets, found.totals, strict=True)), unit)
    starts = {row.source.key: block.y for row, block in zip(found.rows, sources, strict=True)}
    ends = {kind.key: block.y for kind, block in zip(found.targets, targets, strict=True)}
    flows = []
    for cell in found.flows:
        thick = max(unit * cell.count, Decimal(1))
        left, right = starts[cell.source.key], ends[cell.target.key]
        starts[cell.source.key] += unit * cell.count
        ends[cell.target.key] += unit * cell.count
        shade = _shade(cell.target if cell.target.is_class else cell.source)
        flows.append(Flow(_band(left, right, thick), shade, cell.stays))
    foot = max((block.y + block.height for block in (*sources, *targets)), default=Decimal(0))
    return Sankey(_round(foot + 12), sources, targets, flows)


def _blocks(counts: Sequence[tuple[Kind, int]], unit: Decimal) -> list[Block]:
    blocks, y = [], Decimal(8)
    for kind, count in counts:
        height = max(unit * count, Decimal(2))
        text_y = _round(y + height / 2 + 5)
        blocks.append(Block(_round(y), _round(height), kind.label, count, _shade(kind), text_y))
        y += height + _GAP
    return blocks


def _shade(kind: Kind) -> str:
    return province().shade(kind.key) if kind.is_class else "none"


def _band(left: Decimal, right: Decimal, thick: Decimal) -> str:
    left, right, thick = _round(left), _round(right), _round(thick)
    return (
        f"M0 {left}C50 {left} 50 {right} 100 {right}L100 {right + thick}"
        f"C50 {right + thick} 50 {left + thick} 0 {left + thick}Z"
    )


def _percent(value: Decimal, full: Decimal) -> Decimal:
    share = value / full * _HUNDRED if full else Decimal(0)
    return _round(min(max(share, Decimal(0)), _HUNDRED))


def _round(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
