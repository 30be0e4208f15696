"""Where a monthly indicator will end the year, from the months known (加强数据监测预警, S1 六（三）). Pure.

The method, which the page 方法说明 says in the same words: what has happened counts as it is; of what is
still to come the pace of this year and the growth of past years each say something, and the farther the
year has gone, by the usual course of past years, the more weight the pace has. The band is what the same
method, played on past years, was off by, to either side. Nothing is fitted but medians, shares and
quantiles of past years.

    s    share of a year's gain that past years had by the month (months/12 where too little is known)
    g    gain so far: since January for a flow, over last December for a stock
    G    gain a usual year would bring: last year's figure and the usual growth
    w    = 1 - (1 - s)², what the pace weighs against a usual year
    end  = start + g + (1 - s) · (w · g/s + (1 - w) · G)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from indicators.enums import MonthlyKind
from indicators.rules.monthly import MONTHS, PLACES, YEAR

# Past years of counties from which a course is learned, and back-tests from which a band is.
LEAST_YEARS, LEAST_ERRORS = 20, 30
# Of the pace alone nothing is said before so many months.
LEAST_MONTHS = 3
# Deciles of the errors are kept: the first and the last are the band, all nine are drawn from.
DECILES = range(1, 10)
TOO_FEW = "样本不足"
NO_MONTHS = "尚无月报数"
NO_START = f"{TOO_FEW}：缺上年数值"
FEW_MONTHS = f"{TOO_FEW}：不足{LEAST_MONTHS}个月，又无往年规律"
NO_BAND = f"{TOO_FEW}：往年月报不足，不给区间"
_ZERO, _ONE = Decimal(0), Decimal(1)
_KEPT = Decimal("0.00000001")  # what a learned number is kept to


@dataclass(frozen=True, slots=True)
class PastYear:
    """One county's finished year: months by number, the twelfth is the year's figure.

    `county` tells counties apart; `before` is the figure of the year before, None where it is not known.
    """

    county: int
    year: int
    before: Decimal | None
    months: Mapping[int, Decimal]

    @property
    def end(self) -> Decimal:
        """The year's figure. KeyError where the year is not finished."""
        return self.months[12]


@dataclass(frozen=True, slots=True)
class Step:
    """What counties' gains of one month usually are, in shares of the year before."""

    middle: Decimal
    spread: Decimal  # median of the distances from the middle


@dataclass(frozen=True, slots=True)
class Learned:
    """What past years taught of one indicator; empty where they are too few.

    `shape` is s by month, `growth` the usual year's figure by the figure before, `errors` by month the nine
    deciles of (true - projected) / projected in back-tests, mirrored about 0, `steps` the usual gain by month.
    """

    shape: Mapping[int, Decimal] = field(default_factory=dict)
    growth: Decimal | None = None
    errors: Mapping[int, Sequence[Decimal]] = field(default_factory=dict)
    steps: Mapping[int, Step] = field(default_factory=dict)

    def share(self, month: int) -> Decimal:
        """Share of a year's gain by the end of a month."""
        return self.shape.get(month, Decimal(month) / YEAR)


NOTHING = Learned()


@dataclass(frozen=True, slots=True)
class Projection:
    """The year's end as it looks from a month. `why` says what is lacking: the middle, or the band alone."""

    month: int | None = None
    mid: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    why: str = ""

    @property
    def has_band(self) -> bool:
        """Whether enough is known for a band."""
        return self.low is not None


def project(
    kind: str,
    before: Decimal | None,
    months: Mapping[int, Decimal],
    learned: Learned = NOTHING,
) -> Projection:
    """The year's figure from its newest month; `before` is last year's figure.

    Homogeneous: figures in another unit give the same projection in that unit.
    """
    if not months:
        return Projection(why=NO_MONTHS)
    month = max(months)
    if month == max(MONTHS):
        end = months[month]
        return Projection(month, end, end, end)
    start = _ZERO if kind == MonthlyKind.FLOW else before
    if start is None:
        return Projection(month, why=NO_START)
    usual = _usual_gain(kind, before, learned)
    if usual is None and month < LEAST_MONTHS:
        return Projection(month, why=FEW_MONTHS)
    share, gain = learned.share(month), months[month] - start
    if usual is None:
        # Nothing but the pace; where a usual year has not begun by now, months are as good a measure as any.
        mid = start + gain / (share or Decimal(month) / YEAR)
    else:
        rest = _ONE - share
        # w · g/s is (2 - s) · g: defined before a usual year has begun, too.
        mid = months[month] + rest * ((_ONE + rest) * gain + rest**2 * usual)
    return _banded(kind, month, months[month], mid, learned)


def _usual_gain(kind: str, before: Decimal | None, learned: Learned) -> Decimal | None:
    if before is None or learned.growth is None:
        return None
    return before * (learned.growth if kind == MonthlyKind.FLOW else learned.growth - _ONE)


def _banded(kind: str, month: int, now: Decimal, mid: Decimal, learned: Learned) -> Projection:
    """The first and the last decile of past errors around the middle; a sum that is reached is not lost again."""
    errors = learned.errors.get(month)
    if not errors or mid <= 0:
        return Projection(month, _fit(mid), why=NO_BAND)
    low, high = mid * (_ONE + errors[0]), mid * (_ONE + errors[-1])
    low = max(low, now if kind == MonthlyKind.FLOW else _ZERO)
    return Projection(month, _fit(mid), _fit(min(low, mid)), _fit(max(high, mid)))


def spread_of(mid: Decimal, month: int, learned: Learned) -> tuple[Decimal, ...]:
    """Nine year's ends, equally likely by past errors; the middle alone where too little is known."""
    errors = learned.errors.get(month)
    if not errors or mid <= 0:
        return (mid,)
    return tuple(_fit(mid * max(_ONE + error, _ZERO)) for error in errors)


def _fit(number: Decimal) -> Decimal:
    return number.quantize(PLACES, ROUND_HALF_UP)


def finished(years: Iterable[PastYear]) -> list[PastYear]:
    """Years whose twelfth month is known."""
    return [year for year in years if max(MONTHS) in year.months]


def learn_course(kind: str, years: Sequence[PastYear]) -> Learned:
    """The usual course and growth of finished years; without bands, which need a back-test."""
    return Learned(_shape(kind, years), _growth(years), steps=_steps(years))


def _shape(kind: str, years: Sequence[PastYear]) -> dict[int, Decimal]:
    """By month: gains so far over gains of the year, each county by its own size, all added."""
    parts: dict[int, list[tuple[Decimal, Decimal]]] = {month: [] for month in MONTHS}
    for year in years:
        start = _ZERO if kind == MonthlyKind.FLOW else year.before
        if start is None or year.end <= 0:
            continue
        for month, number in year.months.items():
            parts[month].append(((number - start) / year.end, (year.end - start) / year.end))
    shape: dict[int, Decimal] = {}
    reached = _ZERO
    for month, found in parts.items():
        whole = sum((all_ for _, all_ in found), _ZERO)
        if len(found) < LEAST_YEARS or not whole:
            return {}
        share = sum((part for part, _ in found), _ZERO) / whole
        # A share outside a year, or one that falls, is an accident of few figures: the straight path then.
        if not reached <= share <= _ONE:
            return {}
        shape[month] = reached = share.quantize(_KEPT, ROUND_HALF_UP)
    return shape


def _growth(years: Sequence[PastYear]) -> Decimal | None:
    grown = [year.end / year.before for year in years if year.before]
    return median(grown).quantize(_KEPT, ROUND_HALF_UP) if len(grown) >= LEAST_YEARS else None


def _steps(years: Sequence[PastYear]) -> dict[int, Step]:
    """Median and median distance of each month's gain: a few odd counties do not move them (稳健统计)."""
    gains: dict[int, list[Decimal]] = {}
    for year in years:
        for month in MONTHS:
            gain = gain_share(year.before, year.months, month)
            if gain is not None:
                gains.setdefault(month, []).append(gain)
    steps = {}
    for month, found in gains.items():
        if len(found) >= LEAST_ERRORS:
            middle = median(found)
            spread = median(abs(gain - middle) for gain in found)
            steps[month] = Step(
                middle.quantize(_KEPT, ROUND_HALF_UP), spread.quantize(_KEPT, ROUND_HALF_UP)
            )
    return steps


def gain_share(before: Decimal | None, months: Mapping[int, Decimal], month: int) -> Decimal | None:
    """What a month added, in shares of the year before; None for January and without its neighbour."""
    if not before or month not in months or month - 1 not in months:
        return None
    return (months[month] - months[month - 1]) / abs(before)


def band_of(errors: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Deciles of errors to either side: a year that grew more than the others says that one may grow less."""
    if len(errors) < LEAST_ERRORS:
        return ()
    return deciles([*errors, *(-error for error in errors)])


def deciles(numbers: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The nine deciles, between neighbours by distance; empty where there are too few numbers."""
    if len(numbers) < LEAST_ERRORS:
        return ()
    ordered, found = sorted(numbers), []
    for tenth in DECILES:
        place = Decimal(tenth) / 10 * (len(ordered) - 1)
        below = int(place)
        at = ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)
        found.append(at.quantize(_KEPT, ROUND_HALF_UP))
    return tuple(found)
