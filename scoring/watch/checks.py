"""The four tests on the numbers and words of one collection."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from math import comb
from statistics import median

from scoring.watch.hints import Hint, Knot, Number, Outcome, Pattern, Words

# Bunching: within this share of the knot on either side; so many counties there; this one-sided chance.
WINDOW = Decimal("0.05")
_FEWEST_NEAR = 8
# Decimals beyond which figures count as lying anywhere.
_FINEST = 6
_RARE = Decimal("0.01")
# Terminal digits: so many numbers of at least so many digits; chi-square of 9 degrees at 0.1 %.
_FEWEST_DIGITS = 15
_LONG = 3
_CHI_SQUARE = Decimal("27.88")
# Cuts: so many counties with both years; so many robust deviations, and so large a share.
_FEWEST_YEARS = 10
_DEVIATIONS = Decimal("-3.5")
_CUT = Decimal("0.9")
# Median absolute deviation to standard deviation, for what is normal.
_TO_SIGMA = Decimal("0.6745")
# Copying: words of at least so many characters, compared by runs of so many.
_FEWEST_CHARACTERS = 30
_SHINGLE = 6
_ALIKE = Decimal("0.5")
# Shared by so many counties it is a phrase of the form, not a copy.
_COMMON = 5
_PLACES = Decimal("0.01")


def check_bunching(numbers: Sequence[Number], knots: Sequence[Knot]) -> Outcome:
    """More counties just beyond a knot than just short of it: a coin would seldom fall so.

    Named are the counties beyond the knot, each with how close it lies.
    """
    by_indicator: defaultdict[str, list[Number]] = defaultdict(list)
    for number in numbers:
        if number.value is not None:
            by_indicator[number.indicator].append(number)
    hints: list[Hint] = []
    tested, short = 0, []
    for knot in knots:
        beyond, before = _around(by_indicator[knot.indicator], knot)
        near = len(beyond) + len(before)
        if near < _FEWEST_NEAR:
            short.append(f"指标{knot.indicator}拐点{knot.at.normalize():f}附近只有{near}个县")
            continue
        tested += 1
        chance = _at_least(len(beyond), near)
        if chance < _RARE:
            hints.extend(_bunched(knot, number, (len(beyond), len(before))) for number in beyond)
    return Outcome(Pattern.BUNCHING, tuple(hints), tested, tuple(short))


def _around(numbers: Sequence[Number], knot: Knot) -> tuple[list[Number], list[Number]]:
    """Counties within the window that have reached the knot, and those that have not.

    Figures lie on a lattice of whole things or hundredths; both sides hold equally many of its points.
    """
    values = [number.value for number in numbers if number.value is not None]
    places = sorted(map(_places, values))[len(values) // 2] if values else 0
    unit = Decimal(1).scaleb(-min(places, _FINEST))
    width = max(unit, knot.at * WINDOW // unit * unit)
    beyond: list[Number] = []
    before: list[Number] = []
    for number in numbers:
        over = (number.value or Decimal(0)) - knot.at
        over = over if knot.is_rising else -over
        if 0 <= over < width:
            beyond.append(number)
        elif -width <= over < 0:
            before.append(number)
    return beyond, before


def _at_least(count: int, of: int) -> Decimal:
    """The chance of so many heads or more."""
    return Decimal(sum(comb(of, each) for each in range(count, of + 1))) / Decimal(2**of)


def _bunched(knot: Knot, number: Number, counts: tuple[int, int]) -> Hint:
    value, at = number.value or Decimal(0), f"{knot.at.normalize():f}"
    over = abs(value - knot.at) / knot.at * 100
    beyond, before = counts
    return Hint(
        Pattern.BUNCHING,
        number.county,
        (knot.indicator,),
        f"拐点两侧{WINDOW:.0%}内，越过{beyond}个、未到{before}个",
        f"概率低于{_RARE:.0%}",
        f"数值恰好越过得分拐点{at}（相差{_two(over)}%），全省在该拐点两侧明显偏向一边，请核对原始凭证。",
    )


def check_digits(numbers: Sequence[Number]) -> Outcome:
    """Last digits of a county's longer numbers, against every digit alike often."""
    digits: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for column in _columns(numbers):
        usual = sorted(_places(typed) for _, typed in column)[len(column) // 2]
        for number, typed in column:
            # Stored figures keep no trailing noughts: 12.5 in a column of two decimals was 12.50.
            text = str(int(typed.scaleb(max(usual, _places(typed)))))
            if len(text) >= _LONG:
                digits[number.county].append((text[-1], number.indicator))
    hints, short = [], []
    for county, ends in sorted(digits.items()):
        if len(ends) < _FEWEST_DIGITS:
            short.append(county)
            continue
        counts = Counter(digit for digit, _ in ends)
        expected = Decimal(len(ends)) / 10
        square = sum(((counts[d] - expected) ** 2 / expected for d in "0123456789"), Decimal(0))
        if square > _CHI_SQUARE:
            digit, times = counts.most_common(1)[0]
            cells = tuple(dict.fromkeys(code for each, code in ends if each == digit))
            hints.append(
                Hint(
                    Pattern.DIGITS,
                    county,
                    cells,
                    f"{len(ends)}个数的末位数字，卡方{_two(square)}",
                    f"卡方大于{_CHI_SQUARE}（自由度9）",
                    f"{len(ends)}个数中{times}个以{digit}结尾，请核对是否估算或凑整。",
                )
            )
    tested = len(digits) - len(short)
    words = (f"{len(short)}个县可比的数不足{_FEWEST_DIGITS}个",) if short else ()
    return Outcome(Pattern.DIGITS, tuple(hints), tested, words)


def _columns(numbers: Sequence[Number]) -> list[list[tuple[Number, Decimal]]]:
    """The numbers people typed, side by side: both sides of a ratio, or the figure itself."""
    columns: defaultdict[tuple[str, str], list[tuple[Number, Decimal]]] = defaultdict(list)
    for number in numbers:
        if number.numerator is not None and number.denominator is not None:
            columns[number.indicator, "numerator"].append((number, number.numerator))
            columns[number.indicator, "denominator"].append((number, number.denominator))
        elif number.value is not None:
            columns[number.indicator, "value"].append((number, number.value))
    return list(columns.values())


def _places(number: Decimal) -> int:
    """Decimals, trailing noughts apart."""
    return max(0, -int(number.normalize().as_tuple().exponent))


def check_cuts(numbers: Sequence[Number]) -> Outcome:
    """Denominators that shrank on last year far more than those of the other counties did."""
    changes: defaultdict[str, list[tuple[Decimal, Number]]] = defaultdict(list)
    for number in numbers:
        if number.denominator and number.last_denominator:
            ratio = number.denominator / number.last_denominator
            changes[number.indicator].append((ratio.ln(), number))
    hints: list[Hint] = []
    tested, short = 0, []
    for indicator, rows in sorted(changes.items()):
        if len(rows) < _FEWEST_YEARS:
            short.append(f"指标{indicator}两年可比的只有{len(rows)}个县")
            continue
        tested += len(rows)
        middle = median(log for log, _ in rows)
        spread = median(abs(log - middle) for log, _ in rows)
        hints.extend(
            _cut(number, (log - middle) * _TO_SIGMA / spread)
            for log, number in rows
            if spread and (log - middle) * _TO_SIGMA / spread < _DEVIATIONS and log < _CUT.ln()
        )
    return Outcome(Pattern.CUTS, tuple(hints), tested, tuple(short))


def _cut(number: Number, deviations: Decimal) -> Hint:
    now, last = number.denominator or Decimal(0), number.last_denominator or Decimal(1)
    return Hint(
        Pattern.CUTS,
        number.county,
        (number.indicator,),
        f"稳健Z值{_two(deviations)}",
        f"Z值低于{_DEVIATIONS}且减少超过{1 - _CUT:.0%}",
        f"分母由上年的{last.normalize():f}减为{now.normalize():f}（减少{_two((1 - now / last) * 100)}%），"
        "明显多于其他县，请核对统计口径是否变动。",
    )


def check_copying(words: Sequence[Words]) -> Outcome:
    """Texts of different counties on the same line that share half their runs of characters."""
    lines: defaultdict[str, list[tuple[Words, frozenset[str]]]] = defaultdict(list)
    for each in words:
        text = "".join(each.text.split())
        if len(text) >= _FEWEST_CHARACTERS:
            runs = frozenset(text[at : at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1))
            lines[each.indicator].append((each, runs))
    hints: list[Hint] = []
    tested = 0
    for rows in lines.values():
        tested += len(rows) * (len(rows) - 1) // 2
        hints.extend(_copied(_uncommon(rows)))
    return Outcome(Pattern.COPYING, tuple(hints), tested)


def _uncommon(rows: Sequence[tuple[Words, frozenset[str]]]) -> list[tuple[Words, frozenset[str]]]:
    """The same without runs that many counties share."""
    shared = Counter(run for _, runs in rows for run in runs)
    common = {run for run, times in shared.items() if times > _COMMON}
    return [(each, runs - common) for each, runs in rows]


def _copied(rows: Sequence[tuple[Words, frozenset[str]]]) -> Iterable[Hint]:
    for (first, runs), (second, others) in combinations(rows, 2):
        common, union = len(runs & others), len(runs | others)
        if not union or first.county == second.county:
            continue
        alike = Decimal(common) / union
        if alike >= _ALIKE:
            for one, other in ((first, second), (second, first)):
                yield Hint(
                    Pattern.COPYING,
                    one.county,
                    (one.indicator,),
                    f"相同片段占{alike:.0%}",
                    f"不低于{_ALIKE:.0%}",
                    "文字说明与另一县（市、区）大段相同，请核对是否照抄、所述是否本县情况。",
                    other.county,
                )


def check_all(
    numbers: Sequence[Number], words: Sequence[Words], knots: Sequence[Knot]
) -> Mapping[Pattern, Outcome]:
    """Every test, in the order they are shown."""
    return {
        Pattern.BUNCHING: check_bunching(numbers, knots),
        Pattern.DIGITS: check_digits(numbers),
        Pattern.CUTS: check_cuts(numbers),
        Pattern.COPYING: check_copying(words),
    }


def _two(number: Decimal) -> Decimal:
    return number.quantize(_PLACES, ROUND_HALF_UP)
