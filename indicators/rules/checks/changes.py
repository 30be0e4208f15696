"""Rules that hold a figure against last year's."""

from decimal import ROUND_HALF_UP, Decimal

from county_portal.common.numbers import plain
from indicators.rules.checks.case import Case, Line, Rule, Spread
from indicators.rules.checks.figures import HUNDRED, implied_denominator, shown

# Makes the median absolute deviation comparable with a standard deviation.
CONSISTENT = Decimal("0.6745")
TENTH = Decimal("0.1")


def jump(rule: Rule, line: Line, case: Case) -> str | None:
    """A change far from what the other counties' figures did; a fixed factor where too few are known.

    The sentence speaks of this county's figures alone: a reason given for it must not fall because other
    counties went on filling.
    """
    exact, last = line.exact, line.last_exact
    if exact is None or not last or last < 0:
        return None
    spread = case.spreads.get(line.spec.code, Spread(0))
    before = f"上年（{shown(last)}{line.spec.unit}）"
    if spread.sample < rule.params["sample"] or not spread.mad or exact <= 0:
        factor: Decimal = rule.params["factor"]
        if exact <= last * factor and exact * factor >= last:
            return None
        return (
            f"“{line.spec.name}”与{before}相差{plain(factor)}倍以上，请核对单位和口径"
            "（可比县数样本不足，按固定倍数核对）。"
        )
    percent = _percent(exact, last)
    if abs(percent) < rule.params["percent"]:
        return None
    distance = abs((exact / last).ln() - spread.median) * CONSISTENT / spread.mad
    if distance <= rule.params["distance"]:
        return None
    way = "增长" if percent > 0 else "下降"
    return (
        f"“{line.spec.name}”为{shown(exact)}{line.spec.unit}，比{before}{way}{plain(abs(percent))}%，"
        "明显偏离全省各县同期变动，请核对单位和口径。"
    )


def growth(rule: Rule, line: Line, case: Case) -> str | None:
    """A figure that falls short of the growth asked for: 1.67 where the text asks +10 % (S3, 2020)."""
    exact, last = line.exact, line.last_exact
    if exact is None or not last or (rule.params["forecast_only"] and not line.figure.is_forecast):
        return None
    percent: Decimal = rule.params["percent"]
    sign = -1 if line.spec.lower_is_better else 1
    wanted = last * (HUNDRED + sign * percent) / HUNDRED
    if (exact - wanted) * sign >= 0:
        return None
    unit = line.spec.unit
    asks, bound = ("下降", "不高于") if line.spec.lower_is_better else ("增长", "不低于")
    return (
        f"“{line.spec.name}”为{shown(exact)}{unit}，上年为{shown(last)}{unit}，未达到较上年{asks}"
        f"{plain(percent)}%的要求（应{bound}{shown(wanted)}{unit}），请核对目标。"
    )


def last_denominator(rule: Rule, line: Line, case: Case) -> str | None:
    """The denominator, typed or implied by a typed rate, against last year's."""
    if not line.is_rate or line.last is None:
        return None
    now, is_implied = _denominator(line, case)
    last = _last_denominator(line, case)
    if now is None or not last:
        return None
    percent = _percent(now, last)
    if abs(percent) <= rule.params["percent"]:
        return None
    source = f"按填写的比率推算约为{_whole(now)}" if is_implied else f"为{plain(now)}"
    way = "增加" if percent > 0 else "减少"
    return (
        f"“{line.spec.name}”的分母“{line.spec.denominator_label}”{source}，比上年的{_whole(last)}"
        f"{way}{plain(abs(percent))}%，请核对分母和比率。"
    )


def _denominator(line: Line, case: Case) -> tuple[Decimal | None, bool]:
    if line.figure.denominator is not None:
        return line.figure.denominator, False
    numerator = case.known(line.spec.numerator_fact)
    return _middle(line, numerator.number if numerator else None), True


def _last_denominator(line: Line, case: Case) -> Decimal | None:
    if line.last is None or line.last.denominator is not None:
        return line.last.denominator if line.last else None
    before = Line(line.spec, line.last)
    return _middle(before, case.known_last_year(line.spec.numerator_fact))


def _middle(line: Line, numerator: Decimal | None) -> Decimal | None:
    span = implied_denominator(line, numerator) if numerator is not None else None
    rate = line.figure.number
    return numerator * line.spec.factor / rate if span and numerator and rate else None


def _percent(now: Decimal, last: Decimal) -> Decimal:
    return ((now - last) / last * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


def _whole(number: Decimal) -> str:
    return plain(number.quantize(Decimal(1), ROUND_HALF_UP))
