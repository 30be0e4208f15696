"""Findings for whoever asks: one submission with unsaved figures, a whole collection, rules on trial."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED, CollectionState, Severity, SystemPurpose, VersionState
from indicators.models import (
    CheckRule,
    Collection,
    EvidenceItem,
    Submission,
    SystemVersion,
    Value,
)
from indicators.rules import CellFigure, Finding
from indicators.rules.checks import CHECKS, Item, Line, Rule, words_of
from indicators.selectors.catalogue import spec_of
from indicators.selectors.content import read_content
from indicators.selectors.findings import find, read_rules, rule_of
from indicators.selectors.sheets import checked_item, figure_of, list_indicators


def evaluate(
    submission: Submission, figures_override: Mapping[str, CellFigure] | None = None
) -> list[Finding]:
    """What the rules say, in table order; figures given here stand over what is stored.

    The same rules answer on the form, in a workbook's preview and at every step of review.
    """
    content = read_content(submission, figures=figures_override, with_approval=False)
    return list(content.findings)


def evaluate_all(
    collection: Collection, submissions: Sequence[Submission], rules: Sequence[Rule] | None = None
) -> dict[int, list[Finding]]:
    """Findings of many submissions of one collection by key; the same few queries however many."""
    if rules is None:
        rules = read_rules(collection.version_id)
    specs = [spec_of(row) for row in list_indicators(collection.version)]
    keys = [submission.pk for submission in submissions]
    figures = _figures(Value.objects.filter(submission__in=keys))
    items = _items(keys)
    last = _last_year(collection, submissions)
    lines = {
        key: {
            spec.code: Line(
                spec,
                figures[key].get(spec.code, CellFigure()),
                last[key].get(spec.code),
                items[key].get(spec.code, []),
            )
            for spec in specs
        }
        for key in keys
    }
    by_key = {submission.pk: submission for submission in submissions}
    return find(by_key, lines, rules)


def _figures(values: QuerySet[Value]) -> defaultdict[int, dict[str, CellFigure]]:
    figures: defaultdict[int, dict[str, CellFigure]] = defaultdict(dict)
    for value in values.select_related("indicator"):
        figures[value.submission_id][value.indicator.code] = figure_of(value)
    return figures


def _items(keys: Sequence[int]) -> defaultdict[int, dict[str, list[Item]]]:
    items: defaultdict[int, dict[str, list[Item]]] = defaultdict(dict)
    rows = EvidenceItem.objects.filter(submission__in=keys).select_related("kind__indicator")
    for row in rows.order_by("kind__indicator__order", "kind__order", "created_at", "pk"):
        listed = items[row.submission_id].setdefault(row.kind.indicator.code, [])
        listed.append(checked_item(row))
    return items


def _last_year(
    collection: Collection, submissions: Sequence[Submission]
) -> dict[int, dict[str, CellFigure]]:
    """Last year's reviewed figures by submission; history belongs to the unit as it was."""
    pasts = lineages([submission.region for submission in submissions])
    earlier = Submission.objects.filter(
        collection__version__system=collection.version.system_id,
        collection__data_year=collection.data_year - 1,
        state__in=REVIEWED,
        region__in={past for ids in pasts.values() for past in ids},
    )
    by_region = {region: pk for pk, region in earlier.values_list("pk", "region_id")}
    figures = _figures(Value.objects.filter(submission__in=by_region.values()))
    return {
        submission.pk: next(
            (figures[by_region[past]] for past in pasts[submission.region_id] if past in by_region),
            {},
        )
        for submission in submissions
    }


def list_checked_versions(user: User) -> QuerySet[SystemVersion]:
    """Versions whose rules somebody may set."""
    if not user.holds(Permission.COLLECT):
        return SystemVersion.objects.none()
    versions = SystemVersion.objects.filter(
        state=VersionState.LOCKED, system__purpose=SystemPurpose.EVALUATION
    ).select_related("system")
    return versions.order_by("-number")


def get_version(user: User, public_id: UUID) -> SystemVersion:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_checked_versions(user), public_id=public_id)


def get_rule(user: User, public_id: UUID, *, lock: bool = False) -> CheckRule:
    """A rule somebody may set; 404 otherwise."""
    rules = CheckRule.objects.filter(version__in=list_checked_versions(user))
    if lock:
        rules = rules.select_for_update(of=("self",))
    return get_object_or_404(rules.select_related("version__system"), public_id=public_id)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule on the province's page: its parameters and lines in words, its hits on trial."""

    row: CheckRule
    words: Sequence[str]
    lines: Sequence[str]
    counties: int | None = None
    cells: int | None = None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules of a version; with `collection` they were tried on it."""

    rows: Sequence[RuleRow]
    collection: Collection | None = None
    submissions: int = 0


def read_rule_table(version: SystemVersion, *, is_trial: bool = False) -> RuleTable:
    """The rules in their order; on trial every one is asked, those switched off too."""
    rows = list(version.checks.order_by("order"))
    names = dict(version.indicators.values_list("code", "name"))
    collection = trial_collection(version) if is_trial else None
    if collection is None:
        return RuleTable([_rule_row(row, names) for row in rows])
    submissions = list(collection.submissions.select_related("collection", "region"))
    found = evaluate_all(collection, submissions, _all_asked(rows))
    hits: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    for key, findings in found.items():
        for finding in findings:
            hits[finding.rule].add((key, finding.indicator))
    return RuleTable(
        [_rule_row(row, names, hits[row.code]) for row in rows], collection, len(submissions)
    )


def _all_asked(rows: Iterable[CheckRule]) -> list[Rule]:
    rules = []
    for row in rows:
        asked = rule_of(row)
        if asked.severity == Severity.IGNORE:
            asked = Rule(
                asked.code, asked.kind, asked.name, Severity.WARN, asked.params, asked.indicators
            )
        rules.append(asked)
    return rules


def _rule_row(
    row: CheckRule, names: Mapping[str, str], hits: set[tuple[int, str]] | None = None
) -> RuleRow:
    rule = rule_of(row)
    words = words_of(CHECKS[row.kind].params, rule.params)
    lines = [f"{code} {names.get(code, '')}" for code in row.indicators]
    if hits is None:
        return RuleRow(row, words, lines)
    return RuleRow(row, words, lines, len({key for key, _ in hits}), len(hits))


def trial_collection(version: SystemVersion) -> Collection | None:
    """The open collection of the version, the newest if there are several."""
    return (
        version.collections.filter(state=CollectionState.OPEN)
        .select_related("version")
        .order_by("-data_year")
        .first()
    )
