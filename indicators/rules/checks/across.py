"""Rules that hold lines against each other and against what is known elsewhere."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from county_portal.common.numbers import plain
from indicators.rules.checks.case import (
    Case,
    Line,
    Rule,
    Statement,
    label_of,
    part_number,
    stated_parts,
)
from indicators.rules.checks.figures import HUNDRED, implied_denominator, shown
from indicators.rules.checks.values import OPERATORS, Term, term_words


def facts_agree(rule: Rule, line: Line, case: Case) -> str | None:
    """One fact, two figures: stated on this line and differing from the one that stands."""
    clashes = [*_stated_clashes(line, case), *_implied_clashes(rule, line, case)]
    return "；".join(clashes) + "。请核对统一，或说明两个数不同的原因。" if clashes else None


def _stated_clashes(line: Line, case: Case) -> Iterable[str]:
    for part, meaning, number in stated_parts(line.spec, line.figure):
        standing = case.known(meaning)
        if standing is None or number == standing.number:
            continue
        yield (
            f"{label_of(line, part)}填写{plain(number)}，与{standing.label}所填{plain(standing.number)}"
            "是同一数据，但不一致"
        )


def _implied_clashes(rule: Rule, line: Line, case: Case) -> Iterable[str]:
    """A typed rate and a known numerator leave little room for the denominator (S3, 2018: 15558)."""
    span = _span(line, case)
    if span is None or line.spec.denominator_fact is None:
        return
    slack = rule.params["percent"] / HUNDRED
    low, high = span[0] * (1 - slack), span[1] * (1 + slack)
    own = line.figure.denominator
    for statement in _denominators(line, case):
        if own is None and not low <= statement.number <= high:
            yield (
                f"“{line.spec.name}”填写的比率推算“{line.spec.denominator_label}”约为"
                f"{_whole(span[0])}—{_whole(span[1])}，与{statement.label}所填{plain(statement.number)}不一致"
            )
            return
    for earlier in _earlier_rates(line, case):
        other = _span(earlier, case)
        if own is None and other and (other[1] < low or other[0] > high):
            yield (
                f"“{line.spec.name}”填写的比率推算“{line.spec.denominator_label}”约为"
                f"{_whole(span[0])}—{_whole(span[1])}，而“{earlier.spec.name}”推算约为"
                f"{_whole(other[0])}—{_whole(other[1])}，两者不一致"
            )
            return


def _span(line: Line, case: Case) -> tuple[Decimal, Decimal] | None:
    if not line.is_rate or line.figure.denominator is not None:
        return None
    numerator = case.known(line.spec.numerator_fact)
    return implied_denominator(line, numerator.number) if numerator else None


def _denominators(line: Line, case: Case) -> Sequence[Statement]:
    standing = case.known(line.spec.denominator_fact)
    return [standing] if standing else []


def _earlier_rates(line: Line, case: Case) -> Iterable[Line]:
    for other in case.lines.values():
        if other is line:
            return
        if other.spec.denominator_fact == line.spec.denominator_fact:
            yield other


def compare(rule: Rule, line: Line, case: Case) -> str | None:
    """Two sums of parts; nothing is said while one of the parts is not known."""
    left, right = _total(rule.params["left"], case), _total(rule.params["right"], case)
    if left is None or right is None:
        return None
    slack = abs(right) * rule.params["percent"] / HUNDRED
    holds = {
        "<=": left <= right + slack,
        ">=": left >= right - slack,
        "=": abs(left - right) <= slack,
    }[rule.params["operator"]]
    if holds:
        return None
    sign = OPERATORS[rule.params["operator"]]
    sides = [
        " + ".join(_named(term, case) for term in rule.params[side]) for side in ("left", "right")
    ]
    return f"应有{sides[0]} {sign} {sides[1]}，现为{shown(left)}与{shown(right)}，请核对。"


def _total(terms: Sequence[Term], case: Case) -> Decimal | None:
    total = Decimal(0)
    for term in terms:
        line = case.lines.get(term.indicator)
        number = _term_number(line, term.part) if line else None
        if number is None:
            return None
        total += term.coefficient * number
    return total


def _term_number(line: Line, part: str) -> Decimal | None:
    return line.exact if part == "value" else part_number(line.figure, part)


def _named(term: Term, case: Case) -> str:
    spec = case.lines[term.indicator].spec
    names = {
        "value": spec.name,
        "numerator": spec.numerator_label,
        "denominator": spec.denominator_label,
    }
    front = "" if term.coefficient == 1 else f"{plain(term.coefficient)} × "
    return f"{front}“{names[term.part] or term_words(term)}”"


def _whole(number: Decimal) -> str:
    return plain(number.quantize(Decimal(1), ROUND_HALF_UP))
