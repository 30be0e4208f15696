"""What is off its way and why, as plain values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from county_portal.common.numbers import plain, readable
from indicators.enums import MonthlyKind
from indicators.rules.monthly import YEAR, month_words
from indicators.rules.projection import Learned, Projection, gain_share
from monitoring.enums import Severity, WarningKind
from monitoring.rules.settings import WarningSettings

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# The spread of a normal course is so many medians of distances: what makes 6 spreads comparable to 6 σ.
_NORMAL = Decimal("1.4826")
# A pace is told of the last months.
_RECENT = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is off: at most one of a kind for an indicator of a county.

    `code` blank where it concerns the county as a whole; `month` the newest that was looked at; `facts` the
    numbers behind the words, as texts.
    """

    kind: WarningKind
    severity: Severity
    code: str
    month: int
    cause: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """Of a rate: what stands above and below the line, as reviewed last year."""

    numerator_label: str
    numerator_unit: str
    denominator_label: str
    numerator: Decimal
    denominator: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Course:
    """One indicator of one county as it is watched; numbers in its own unit."""

    code: str
    unit: str
    kind: str
    is_lower_better: bool
    before: Decimal | None
    target: Decimal | None
    numbers: Mapping[int, Decimal]
    expected: Decimal | None  # the straight path at the newest month
    projection: Projection
    learned: Learned
    parts: Parts | None = None

    @property
    def month(self) -> int:
        """The newest month; 0 without any."""
        return max(self.numbers, default=0)

    @property
    def now(self) -> Decimal:
        """Its figure."""
        return self.numbers[self.month]

    def ahead(self, number: Decimal, mark: Decimal) -> Decimal:
        """By how much a number is better than a mark."""
        return mark - number if self.is_lower_better else number - mark


def find(course: Course, settings: WarningSettings) -> list[Finding]:
    """Everything that is off in one indicator: the target out of reach or behind the path, and a jump."""
    if not course.numbers:
        return []
    found = [_off_track(course, settings), _jump(course, settings)]
    return [each for each in found if each]


def _off_track(course: Course, settings: WarningSettings) -> Finding | None:
    target, mid = course.target, course.projection.mid
    if target is None:
        return None
    tolerance = abs(target) * settings.target_tolerance / _HUNDRED
    misses = mid is not None and course.ahead(mid, target) < -tolerance
    best = _best(course)
    if misses and best is not None and course.ahead(best, target) < -tolerance:
        # Without a band the middle alone cannot say that nothing helps any more.
        severity = Severity.SEVERE if course.projection.has_band else Severity.WARNING
        return _finding(course, WarningKind.UNREACHABLE, severity)
    if misses:
        return _finding(course, WarningKind.BEHIND, Severity.WARNING)
    if _is_behind(course, settings) and (mid is None or course.ahead(mid, target) < 0):
        return _finding(course, WarningKind.BEHIND, Severity.NOTICE)
    return None


def _best(course: Course) -> Decimal | None:
    found = course.projection
    if not found.has_band:
        return found.mid
    return found.low if course.is_lower_better else found.high


def _is_behind(course: Course, settings: WarningSettings) -> bool:
    """Behind the straight path by more than a share of the year's way."""
    if course.expected is None or course.target is None:
        return False
    start = _ZERO if course.kind == MonthlyKind.FLOW else course.before or _ZERO
    way = abs(course.target - start) or abs(course.target)
    lag = -course.ahead(course.now, course.expected)
    return lag > way * settings.path_tolerance / _HUNDRED


def _finding(course: Course, kind: WarningKind, severity: Severity) -> Finding:
    found = course.projection
    facts = {
        "number": plain(course.now),
        "expected": plain(course.expected),
        "target": plain(course.target),
        "mid": plain(found.mid),
        "low": plain(found.low),
        "high": plain(found.high),
    }
    return Finding(kind, severity, course.code, course.month, cause_words(course), facts)


def cause_words(course: Course) -> str:
    """The newest figure against path and target, the pace that was and that is needed, gaps, and parts of a rate."""
    parts = [_standing(course), _ending(course), _pace(course), _gaps(course), _rate(course)]
    return "；".join(part for part in parts if part) + "。"


def _n(number: Decimal) -> str:
    """Two decimals; more only where nothing would be left."""
    rounded = number.quantize(_CENT, ROUND_HALF_UP)
    return plain(rounded if rounded or not number else readable(number))


def _standing(course: Course) -> str:
    words = f"{course.month}月末为{_n(course.now)}{course.unit}"
    if course.expected is None:
        return words
    lead = course.ahead(course.now, course.expected)
    word = "快" if lead > 0 else "慢"
    return f"{words}，" + (
        f"比序时进度{word}{_n(abs(lead))}{course.unit}" if lead else "与序时进度持平"
    )


def _ending(course: Course) -> str:
    found, target = course.projection, course.target
    if found.mid is None or target is None:
        return found.why
    band = (
        f"（区间{_n(found.low)}—{_n(found.high)}）"
        if found.low is not None and found.high is not None
        else f"（{found.why}）"
    )
    short = -course.ahead(found.mid, target)
    gap = f"与年度目标{_n(target)}相差{_n(short)}" if short > 0 else f"可达年度目标{_n(target)}"
    return f"预计年末为{_n(found.mid)}{band}，{gap}"


def _pace(course: Course) -> str:
    left = int(YEAR) - course.month
    if course.target is None or not left:
        return ""
    needed = (course.target - course.now) / left
    words = f"余下{left}个月平均每月须{_moves(needed)}才能达到目标"
    earlier = course.numbers.get(course.month - _RECENT)
    if earlier is None:
        return words
    return f"近{_RECENT}个月平均每月{_moves((course.now - earlier) / _RECENT)}，{words}"


def _moves(change: Decimal) -> str:
    return f"{'减少' if change < 0 else '增加'}{_n(abs(change))}"


def _gaps(course: Course) -> str:
    missing = [month for month in range(1, course.month) if month not in course.numbers]
    return f"其中{month_words(missing)}未报" if missing else ""


def _rate(course: Course) -> str:
    """Of a rate, what its numerator would have to be with last year's denominator."""
    parts, target = course.parts, course.target
    if parts is None or target is None or not parts.factor:
        return ""
    needed = target * parts.denominator / parts.factor
    return (
        f"本项为比率：上年{parts.numerator_label}{_n(parts.numerator)}、"
        f"{parts.denominator_label}{_n(parts.denominator)}，分母不变时"
        f"{parts.numerator_label}须达到{_n(needed)}{parts.numerator_unit}"
    )


def _jump(course: Course, settings: WarningSettings) -> Finding | None:
    """A month's gain far from what counties usually gain in that month; silent where past years are too few."""
    step = course.learned.steps.get(course.month)
    gain = gain_share(course.before, course.numbers, course.month)
    if step is None or gain is None or not step.spread:
        return None
    times = abs(gain - step.middle) / (step.spread * _NORMAL)
    if times <= settings.jump_spreads:
        return None
    change = course.now - course.numbers[course.month - 1]
    cause = (
        f"{course.month}月当月{_moves(change)}{course.unit}，为上年数的{_n(gain * _HUNDRED)}%，"
        f"往年同月各县一般为{_n(step.middle * _HUNDRED)}%（中位数），偏离{_n(times)}倍，请核实是否填错。"
    )
    facts = {"number": plain(course.now), "times": plain(readable(times))}
    return Finding(WarningKind.JUMP, Severity.NOTICE, course.code, course.month, cause, facts)


def find_missing(
    late: Sequence[tuple[int, date, int]], today: date, settings: WarningSettings
) -> Finding | None:
    """Months whose day has passed: (month, day, number of indicators lacking), in order of months."""
    if not late:
        return None
    days = max((today - due).days for _, due, _ in late)
    severity = _by_days(days, settings.missing_days)
    if severity is None:
        return None
    months = [month for month, _, _ in late]
    lacking = sum(count for _, _, count in late)
    cause = f"{month_words(months)}月报共缺{lacking}个数，最早一期已逾期{days}天，无法判断是否按进度推进。"
    facts = {"months": month_words(months), "lacking": str(lacking)}
    return Finding(WarningKind.MISSING, severity, "", max(months, default=0), cause, facts)


def _by_days(days: int, limits: Mapping[Severity, int]) -> Severity | None:
    reached = [severity for severity, limit in limits.items() if days >= limit]
    return max(reached, default=None)


def find_class(
    month: int, now: str, chances: Sequence[tuple[str, Decimal]], settings: WarningSettings
) -> Finding | None:
    """A class that is likely lost; `chances` in per cent, best class first, `now` the present one."""
    names = [name for name, _ in chances]
    if now not in names:
        return None
    below = sum((chance for _, chance in chances[names.index(now) + 1 :]), _ZERO)
    reached = [severity for severity, limit in settings.class_percent.items() if below >= limit]
    if not reached:
        return None
    told = "、".join(f"{name}档{_n(chance)}%" for name, chance in chances)
    cause = f"按月报预测的年末数测算，现为{now}档，降档的可能约{_n(below)}%（{told}）。"
    facts = {"class": now, "below": plain(below)}
    return Finding(WarningKind.CLASS, max(reached), "", month, cause, facts)
