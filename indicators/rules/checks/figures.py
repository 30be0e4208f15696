"""Rules on a figure by itself, and on a rate and its parts."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from county_portal.common.numbers import plain
from indicators.rules.cells import CellFigure
from indicators.rules.checks.case import Case, Line, Rule, half_step

FOUR_PLACES = Decimal("0.0001")
HUNDRED = Decimal(100)


def shown(number: Decimal) -> str:
    """A number cut to four places for a sentence."""
    return plain(number.quantize(FOUR_PLACES, ROUND_HALF_UP))


def outside_range(rule: Rule, line: Line, case: Case) -> str | None:
    """A figure below or above what the province allows."""
    if line.exact is None:
        return None
    low, high = rule.params["least"], rule.params["most"]
    figure = f"“{line.spec.name}”为{shown(line.exact)}{line.spec.unit}，"
    if low is not None and line.exact < low:
        return f"{figure}低于{plain(low)}{line.spec.unit}，请核对单位和口径。"
    if high is not None and line.exact > high:
        return f"{figure}高于{plain(high)}{line.spec.unit}，请核对单位和口径。"
    return None


def share_small(rule: Rule, line: Line, case: Case) -> str | None:
    """A percentage that may be a fraction. Known parts leave no doubt about the unit."""
    exact = line.exact
    if line.spec.unit != "%" or exact is None or line.figure.numerator is not None:
        return None
    below: Decimal = rule.params["below"]
    if not 0 < exact < below:
        return None
    return (
        f"“{line.spec.name}”按{shown(exact)}%计，不足{plain(below)}%。"
        "如果本意是小数形式的比例（例如0.35表示35%），请改填百分数。"
    )


def share_whole(rule: Rule, line: Line, case: Case) -> str | None:
    """A part greater than its whole."""
    if line.spec.unit != "%" or line.exact is None or line.exact <= HUNDRED:
        return None
    return f"“{line.spec.name}”超过100%，请核对分子、分母是否颠倒或单位不一致。"


def rate_alone(rule: Rule, line: Line, case: Case) -> str | None:
    """A rate nobody can check."""
    if not line.is_rate or line.figure.number is None or line.figure.numerator is not None:
        return None
    return f"“{line.spec.name}”未填分子、分母，按所填比率计分，建议补填以便核对。"


def rate_parts(rule: Rule, line: Line, case: Case) -> str | None:
    """A typed rate against numerator over denominator; rounding and a share of itself are let pass."""
    figure = line.figure
    if not line.is_rate or figure.number is None:
        return None
    parts = CellFigure(numerator=figure.numerator, denominator=figure.denominator)
    computed = parts.exact(line.spec.factor)
    if computed is None:
        return None
    allowed = max(rule.params["places"], abs(computed) * rule.params["percent"] / HUNDRED)
    if abs(figure.number - computed) <= allowed:
        return None
    unit = line.spec.unit
    return (
        f"“{line.spec.name}”填写的{plain(figure.number)}{unit}与分子÷分母算得的{shown(computed)}{unit}不一致，"
        "按分子、分母计分，请核对。"
    )


def implied_denominator(line: Line, numerator: Decimal) -> tuple[Decimal, Decimal] | None:
    """Between which numbers the denominator must lie for the rate to be rounded as typed."""
    rate, half = line.figure.number, half_step(line.figure)
    if rate is None or rate <= half or numerator <= 0:
        return None
    product = numerator * line.spec.factor
    return product / (rate + half), product / (rate - half)


def whole_denominator(rule: Rule, line: Line, case: Case) -> str | None:
    """A rate that no whole number of units can give: 32家占15.14% (S3, 2018)."""
    if not line.is_rate or line.figure.number is None:
        return None
    numerator = line.figure.numerator
    if numerator is None:
        standing = case.known(line.spec.numerator_fact)
        numerator = standing.number if standing else None
    span = implied_denominator(line, numerator) if numerator is not None else None
    if numerator is None or span is None:
        return None
    low = span[0].to_integral_value(ROUND_CEILING)
    high = span[1].to_integral_value(ROUND_FLOOR)
    if low <= high:
        return None
    product, unit = numerator * line.spec.factor, line.spec.unit
    tried = "，".join(
        f"分母{plain(each)}得{shown(product / each)}{unit}" for each in (high, low) if each > 0
    )
    return (
        f"“{line.spec.name}”填写{line.figure.text}{'' if line.figure.text.endswith('%') else unit}，"
        f"“{line.spec.numerator_label}”为{plain(numerator)}，没有任何整数的“{line.spec.denominator_label}”"
        f"能得到这一比率（{tried}），请核对。"
    )
