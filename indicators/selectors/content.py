"""What a county hands in, without what only a page shows: figures, items, what is missing, findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicators.enums import IndicatorKind, Severity
from indicators.models import GovernmentApproval, Submission
from indicators.rules import CellFigure, CellSpec, Finding, list_missing
from indicators.rules.checks import CHECKS, Item, Line, Rule
from indicators.selectors.catalogue import Catalogue, catalogue_of
from indicators.selectors.findings import find, read_rules
from indicators.selectors.sheets import FIGURE_FIELDS, last_year_figures, read_figure


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
    # Digest of the figures and evidence that were approved.
    approved: str = ""

    @property
    def explanations(self) -> list[Finding]:
        """Findings that stand because of a written reason."""
        return [finding for finding in self.findings if finding.reason]


def read_content(
    submission: Submission,
    *,
    figures: Mapping[str, CellFigure] | None = None,
    with_findings: bool = True,
    with_approval: bool = True,
) -> Content:
    """Figures by indicator code, items, what is missing, findings: without what only a page shows.

    `figures` stand over what is stored; without findings no rule is asked, without approval none is read.
    """
    catalogue = catalogue_of(submission.collection.version_id)
    specs = catalogue.specs
    stored = _stored(submission, specs)
    content = {
        spec.code: figure
        for key, spec in specs.items()
        for figure in [(figures or {}).get(spec.code, stored.get(key))]
        if figure is not None
    }
    items = _listed(submission, catalogue)
    counts = Counter(item.indicator for item in items)
    rules = read_rules(submission.collection.version_id) if with_findings else []
    findings = _findings(submission, content, items, rules) if rules else []
    missing = list_missing(list(specs.values()), content, counts)
    approval = _approval(submission) if with_approval else None
    if approval is None:
        return Content(content, items, missing, findings)
    plain, approved = plain_approval(approval), approval.content_digest
    return Content(content, items, missing, findings, plain, approved)


def read_blocks(submission: Submission) -> list[Finding]:
    """What stops a step of review; asks only the rules that do, and reads only what they need."""
    rules = read_rules(submission.collection.version_id, [Severity.BLOCK])
    if not rules:
        return []
    catalogue = catalogue_of(submission.collection.version_id)
    specs = catalogue.specs
    figures = {specs[key].code: figure for key, figure in _stored(submission, specs).items()}
    items = []
    if any(IndicatorKind.ITEMISED in CHECKS[rule.kind].lines for rule in rules):
        items = _listed(submission, catalogue)
    return _findings(submission, figures, items, rules)


def _stored(submission: Submission, specs: Mapping[int, CellSpec]) -> dict[int, CellFigure]:
    rows = submission.values.order_by().values_list("indicator_id", *FIGURE_FIELDS)
    stored = {key: read_figure(row) for key, *row in rows}
    return {key: stored[key] for key in specs if key in stored}


def _listed(submission: Submission, catalogue: Catalogue) -> list[ListedItem]:
    """The named items in the order of their kinds, then as they were entered; one query."""
    places = {key: place for place, key in enumerate(catalogue.kinds)}
    rows = submission.evidence.order_by("created_at", "pk").values_list(
        "kind_id", "name", "approval_number", "file__sha256", "year"
    )
    items = []
    for key, name, number, sha256, year in sorted(rows, key=lambda row: places[row[0]]):
        kind = catalogue.kinds[key]
        items.append(
            ListedItem(
                kind.indicator.code,
                kind.code,
                name,
                number,
                sha256,
                kind.name,
                year,
                kind.valid_years,
            )
        )
    return items


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
        for spec in catalogue_of(submission.collection.version_id).specs.values()
    }
    return find({submission.pk: submission}, {submission.pk: lines}, rules)[submission.pk]


def _approval(submission: Submission) -> GovernmentApproval | None:
    rows = GovernmentApproval.objects.select_related("file").filter(submission=submission)
    return rows.first()


def plain_approval(approval: GovernmentApproval) -> dict[str, str]:
    """An approval as the record and the canonical content keep it."""
    return {
        "date": approval.approved_on.isoformat(),
        "number": approval.document_number,
        "file": approval.file.sha256,
    }


def _needs_last_year(rules: Sequence[Rule]) -> bool:
    return any(CHECKS[rule.kind].needs_last_year for rule in rules)


def _checked_listed(item: ListedItem) -> Item:
    has_file = item.file_sha256 is not None
    return Item(item.kind, item.kind_name, item.name, item.year, has_file, item.valid_years)
