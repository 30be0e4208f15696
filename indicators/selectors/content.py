"""What a county hands in, without what only a page shows: figures, items, what is missing, findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache

from indicators.enums import IndicatorKind, Severity
from indicators.models import GovernmentApproval, Indicator, Submission
from indicators.rules import CellFigure, CellSpec, Finding, list_missing
from indicators.rules.checks import CHECKS, Item, Line, Rule
from indicators.selectors.findings import find, read_rules
from indicators.selectors.sheets import FIGURE_FIELDS, last_year_figures, read_figure

_SPEC_FIELDS = [each.name for each in fields(CellSpec)]
_ITEM_FIELDS = [
    "kind__indicator__code",
    "kind__code",
    "name",
    "approval_number",
    "file__sha256",
    "kind__name",
    "year",
    "kind__valid_years",
]


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A named item as it counts."""

    indicator: str
    kind: str
    name: str
    approval_number: str
    file_sha256: str | None
    kind_name: str = ""
    year: int | None = None
    valid_years: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a county hands in, what is still missing from it, what the rules say of it."""

    figures: Mapping[str, CellFigure]
    items: Sequence[ListedItem]
    missing: Sequence[Finding]
    findings: Sequence[Finding] = ()
    # Date, number and digest of the scan of the county government's approval; empty without one.
    approval: Mapping[str, str] = field(default_factory=dict)

    @property
    def explanations(self) -> list[Finding]:
        """Findings that stand because of a written reason."""
        return [finding for finding in self.findings if finding.reason]


def read_content(
    submission: Submission,
    *,
    figures: Mapping[str, CellFigure] | None = None,
    with_findings: bool = True,
) -> Content:
    """Figures by indicator code, items, what is missing, findings: without what only a page shows.

    `figures` stand over what is stored; without findings no rule is asked.
    """
    specs = dict(_specs(submission.collection.version_id))
    stored = _stored(submission, specs)
    content = {
        spec.code: figure
        for key, spec in specs.items()
        for figure in [(figures or {}).get(spec.code, stored.get(key))]
        if figure is not None
    }
    items = [ListedItem(*row) for row in submission.evidence.values_list(*_ITEM_FIELDS)]
    counts = Counter(item.indicator for item in items)
    rules = read_rules(submission.collection.version_id) if with_findings else []
    findings = _findings(submission, content, items, rules)
    missing = list_missing(list(specs.values()), content, counts)
    return Content(content, items, missing, findings, _approval(submission))


def read_blocks(submission: Submission) -> list[Finding]:
    """What stops a step of review; asks only the rules that do, and reads only what they need."""
    rules = read_rules(submission.collection.version_id, [Severity.BLOCK])
    if not rules:
        return []
    specs = dict(_specs(submission.collection.version_id))
    figures = {specs[key].code: figure for key, figure in _stored(submission, specs).items()}
    items = []
    if any(IndicatorKind.ITEMISED in CHECKS[rule.kind].lines for rule in rules):
        items = [ListedItem(*row) for row in submission.evidence.values_list(*_ITEM_FIELDS)]
    return _findings(submission, figures, items, rules)


def _stored(submission: Submission, specs: Mapping[int, CellSpec]) -> dict[int, CellFigure]:
    rows = submission.values.values_list("indicator_id", *FIGURE_FIELDS)
    return {key: read_figure(row) for key, *row in rows if key in specs}


def _findings(
    submission: Submission,
    figures: Mapping[str, CellFigure],
    items: Sequence[ListedItem],
    rules: Sequence[Rule],
) -> list[Finding]:
    last_year = last_year_figures(submission) if _needs_last_year(rules) else {}
    lines = {
        spec.code: Line(
            spec,
            figures.get(spec.code, CellFigure()),
            last_year.get(spec.code),
            [_checked_listed(item) for item in items if item.indicator == spec.code],
        )
        for _, spec in _specs(submission.collection.version_id)
    }
    return find({submission.pk: submission}, {submission.pk: lines}, rules)[submission.pk]


def _approval(submission: Submission) -> dict[str, str]:
    rows = GovernmentApproval.objects.select_related("file").filter(submission=submission)
    return {key: text for row in rows for key, text in plain_approval(row).items()}


def plain_approval(approval: GovernmentApproval) -> dict[str, str]:
    """An approval as the record and the canonical content keep it."""
    return {
        "date": approval.approved_on.isoformat(),
        "number": approval.document_number,
        "file": approval.file.sha256,
    }


@lru_cache(maxsize=16)
def _specs(version_id: int) -> tuple[tuple[int, CellSpec], ...]:
    """Specs in table order by key; a version in use is locked, so they are remembered for good."""
    rows = Indicator.objects.filter(version=version_id).order_by("order")
    return tuple((pk, CellSpec(*row)) for pk, *row in rows.values_list("pk", *_SPEC_FIELDS))


def _needs_last_year(rules: Sequence[Rule]) -> bool:
    return any(CHECKS[rule.kind].needs_last_year for rule in rules)


def _checked_listed(item: ListedItem) -> Item:
    has_file = item.file_sha256 is not None
    return Item(item.kind, item.kind_name, item.name, item.year, has_file, item.valid_years)
