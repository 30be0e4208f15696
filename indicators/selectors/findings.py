"""What the rules of a version say of sheets: rules, facts, other counties and reasons, read together.

Reads are per call and not per sheet, so that one submission and a whole province cost the same queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import median

from django.core.cache import cache
from django.db.models import QuerySet

from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, CheckKind, Severity
from indicators.models import (
    CheckRule,
    Collection,
    Explanation,
    FactClaim,
    Submission,
    Value,
)
from indicators.rules import CellFigure, Finding
from indicators.rules.checks import (
    CHECKS,
    Case,
    Line,
    Rule,
    Spread,
    Statement,
    read_params,
    run_rules,
)
from indicators.rules.facts import own_place

# How long the other counties' changes are remembered by one process.
SPREADS_SECONDS = 120
Lines = Mapping[str, Line]


def rule_of(row: CheckRule) -> Rule:
    """What the pure rules need of a stored rule."""
    params = read_params(CHECKS[row.kind].params, row.params)
    severity = Severity(row.severity)
    return Rule(row.code, row.kind, row.name, severity, params, row.indicators)


def read_rules(version_id: int, severities: Iterable[str] = ()) -> list[Rule]:
    """The rules of a version that are not switched off, in their order."""
    wanted = list(severities) or [Severity.BLOCK, Severity.WARN]
    rows = CheckRule.objects.filter(version=version_id, severity__in=wanted).order_by("order")
    return [rule_of(row) for row in rows]


@dataclass(slots=True)
class _Known:
    """What the register of facts says around one sheet."""

    elsewhere: dict[int, Statement] = field(default_factory=dict)
    origins: dict[int, tuple[str, str]] = field(default_factory=dict)
    # Line -> reasons given for its own differing figures, on the page of facts.
    reasons: dict[str, list[str]] = field(default_factory=dict)
    unexplained: set[str] = field(default_factory=set)


def find(
    submissions: Mapping[int, Submission],
    lines: Mapping[int, Lines],
    rules: Sequence[Rule],
) -> dict[int, list[Finding]]:
    """Findings by key of the submission; all of one collection. Asks only what these rules need."""
    checks = [CHECKS[rule.kind] for rule in rules]
    collection = next(iter(submissions.values())).collection if submissions else None
    if collection is None or not rules:
        return {key: [] for key in submissions}
    spreads = spreads_of(collection) if any(each.needs_spreads for each in checks) else {}
    needs_facts = any(each.needs_facts for each in checks)
    known = _read_known(submissions.values(), collection) if needs_facts else {}
    found = {}
    for key in submissions:
        around = known.get(key, _Known())
        case = Case(lines[key], collection.data_year, spreads, around.elsewhere, around.origins)
        found[key] = _with_fact_reasons(run_rules(rules, case), rules, around)
    return _with_reasons(found)


def _read_known(submissions: Iterable[Submission], collection: Collection) -> dict[int, _Known]:
    """Facts of these regions and this year; one query."""
    by_region = {submission.region_id: submission for submission in submissions}
    known = {submission.pk: _Known() for submission in by_region.values()}
    claims = FactClaim.objects.filter(
        fact__data_year=collection.data_year, fact__region__in=list(by_region)
    )
    for region, meaning, number, origin, origin_label, place, claimed, reason in claims.order_by(
        "fact_id", "claimed_at", "pk"
    ).values_list(
        "fact__region_id",
        "fact__meaning_id",
        "fact__number",
        "fact__place",
        "fact__place_label",
        "place",
        "number",
        "reason",
    ):
        submission = by_region[region]
        around = known[submission.pk]
        first = own_place(submission.public_id, origin)
        if first:
            around.origins[meaning] = first
        else:
            around.elsewhere[meaning] = Statement(number, origin_label)
        own = own_place(submission.public_id, place)
        if own and claimed != number:
            if reason:
                around.reasons.setdefault(own[0], []).append(reason)
            else:
                around.unexplained.add(own[0])
    return known


def _with_fact_reasons(
    findings: list[Finding], rules: Sequence[Rule], around: _Known
) -> list[Finding]:
    """A difference explained on the page of facts needs no second reason."""
    if not around.reasons:
        return findings
    on_facts = {rule.code for rule in rules if rule.kind == CheckKind.FACTS_AGREE}
    return [
        replace(each, reason="；".join(dict.fromkeys(around.reasons[each.indicator])))
        if each.rule in on_facts
        and each.indicator in around.reasons
        and each.indicator not in around.unexplained
        else each
        for each in findings
    ]


def _with_reasons(found: Mapping[int, list[Finding]]) -> dict[int, list[Finding]]:
    """Each finding with the reason that was given of exactly its sentence; one query."""
    concerned = [key for key, findings in found.items() if any(f.lacks_reason for f in findings)]
    if not concerned:
        return dict(found)
    given = {
        (submission, indicator, rule, digest): reason
        for submission, indicator, rule, digest, reason in Explanation.objects.filter(
            submission__in=concerned
        ).values_list("submission_id", "indicator_code", "rule_code", "finding_digest", "reason")
    }
    if not given:
        return dict(found)
    return {
        key: [
            replace(
                each, reason=given.get((key, each.indicator, each.rule, each.digest), each.reason)
            )
            for each in findings
        ]
        for key, findings in found.items()
    }


def spreads_of(collection: Collection) -> Mapping[str, Spread]:
    """How each line moved on last year in all counties; remembered for a short while.

    Counties that are still filling count too, their figures being the only ones there are in spring.
    """
    key = f"indicators.spreads.{collection.pk}"
    spreads: Mapping[str, Spread] | None = cache.get(key)
    if spreads is None:
        spreads = _read_spreads(collection)
        cache.set(key, spreads, SPREADS_SECONDS)
    return spreads


def _read_spreads(collection: Collection) -> dict[str, Spread]:
    submissions = list(collection.submissions.select_related("region"))
    pasts = lineages([submission.region for submission in submissions])
    now = _exact_figures(Value.objects.filter(submission__collection=collection))
    before = _exact_figures(
        Value.objects.filter(
            submission__collection__version__system__versions=collection.version_id,
            submission__collection__data_year=collection.data_year - 1,
            submission__state__in=REVIEWED,
        )
    )
    changes: dict[str, list[Decimal]] = {}
    for (region, code), figure in now.items():
        last = next((before[past, code] for past in pasts[region] if (past, code) in before), None)
        if last and figure > 0 and last > 0:
            changes.setdefault(code, []).append((figure / last).ln())
    return {code: _spread(logs) for code, logs in changes.items()}


def _exact_figures(values: QuerySet[Value]) -> dict[tuple[int, str], Decimal]:
    figures = {}
    for region, code, factor, number, numerator, denominator in values.values_list(
        "submission__region_id",
        "indicator__code",
        "indicator__factor",
        "number",
        "numerator",
        "denominator",
    ):
        exact = CellFigure("", number, numerator, denominator).exact(factor)
        if exact is not None:
            figures[region, code] = exact
    return figures


def _spread(logs: Sequence[Decimal]) -> Spread:
    middle = median(logs)
    return Spread(len(logs), middle, median([abs(log - middle) for log in logs]))
