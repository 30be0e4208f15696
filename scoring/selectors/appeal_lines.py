"""Lines of a published result one may appeal against, and why one may not."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from indicators.models import Indicator, Submission
from indicators.selectors import list_indicators, spec_of
from scoring.claims import ClaimSpec
from scoring.corrections import figure_from_document, figure_of
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.types import Figure, GradingInputs
from scoring.enums import AppealState, ListState
from scoring.models import Appeal, PublishedList, Result, ResultLine
from scoring.selectors.appeals import DECIDED
from scoring.selectors.lists import list_current, replaced_by
from scoring.selectors.runs import engine_scheme


def list_own_results(user: User, published: PublishedList) -> QuerySet[Result]:
    """Results of a list's run that one may read line by line for the sake of appeals."""
    if not user.holds(Permission.VIEW_APPEALS):
        return Result.objects.none()
    return Result.objects.filter(
        run=published.run_id, submission__in=Submission.objects.visible_to(user)
    ).select_related("region__parent", "submission__office", "submission__reviewing_office")


def get_own_result(user: User, published: PublishedList, region_id: UUID) -> Result:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_own_results(user, published), region__public_id=region_id)


def list_appealable(user: User) -> list[tuple[PublishedList, Result]]:
    """Valid lists a county's own head may appeal against today, with its result on each."""
    if not user.holds(Permission.APPEAL):
        return []
    today = clock.today()
    open_lists = [row for row in list_current() if row.appeals_until and today <= row.appeals_until]
    runs = {row.run_id: row for row in open_lists}
    own = Submission.objects.visible_to(user)
    results = Result.objects.filter(run__in=runs, submission__in=own).select_related("region")
    return [(runs[row.run_id], row) for row in results.order_by("-run__collection__data_year")]


def window_refusal(published: PublishedList) -> Stale | None:
    """Why no appeal may be filed against a list today, or None."""
    name = f"{published.collection.data_year}年度名单（{published.document_number}）"
    newer = replaced_by(published)
    if published.state != ListState.PUBLISHED:
        return Stale("list_not_published", f"{name}尚未公布，不能申诉。请待公布后办理。")
    if newer is not None:
        return Stale(
            "list_replaced",
            f"{name}已由{newer.document_number}更正，不能再对原名单申诉。请对更正后的名单提出。",
        )
    until = published.appeals_until
    if until is None:
        return Stale(
            "no_appeal_window",
            f"{name}公布时未设申诉期，不能在线申诉。请联系{words().province_office}。",
        )
    if clock.today() > until:
        return Stale(
            "appeal_window_closed",
            f"{name}的申诉期已于{chinese_date(until)}结束，不能再申诉。确有错误的，请书面经市级审核单位转报{words().province_office}。",
        )
    return None


@dataclass(frozen=True, slots=True)
class AppealLine:
    """A line of a result with the newest appeal against it."""

    indicator: Indicator
    line: ResultLine
    weight: Decimal
    appeal: Appeal | None

    @property
    def is_free(self) -> bool:
        """Whether it may be appealed against as far as earlier appeals go."""
        return self.appeal is None or self.appeal.state == AppealState.WITHDRAWN


def list_lines(published: PublishedList, result: Result) -> list[AppealLine]:
    """Every line of a result in table order; a constant number of queries."""
    indicators = {row.code: row for row in list_indicators(published.collection.version)}
    weights = {
        row.code: row.weight for row in engine_scheme(published.run.scheme_version).indicators
    }
    appeals: dict[str, Appeal] = {}
    for row in Appeal.objects.filter(result=result).order_by("filed_at", "pk"):
        appeals[row.indicator_code] = row
    return [
        AppealLine(
            indicators[line.indicator_code],
            line,
            weights[line.indicator_code],
            appeals.get(line.indicator_code),
        )
        for line in result.lines.order_by("order")
        if line.indicator_code in indicators
    ]


def get_line(published: PublishedList, result: Result, code: str) -> tuple[ResultLine, ClaimSpec]:
    """One line, and by what a claim against it is read; 404 for a code the result has not."""
    line = get_object_or_404(result.lines, indicator_code=code)
    inputs = inputs_from_bytes(published.run.inputs)
    return line, claim_spec(published, result.region, code, inputs)


def claim_spec(
    published: PublishedList, region: Region, code: str, inputs: GradingInputs
) -> ClaimSpec:
    """By what a claim is read: the indicator, its kinds of items, and the figure as scored."""
    indicator = get_object_or_404(list_indicators(published.collection.version), code=code)
    kinds = [(kind.code, kind.name) for kind in indicator.evidence_kinds.all()]
    scored = figure_of(inputs, region.code, code)
    return ClaimSpec(spec_of(indicator), kinds, scored or Figure(code))


def settled_refusal(published: PublishedList, region: Region, spec: ClaimSpec) -> Stale | None:
    """Why a line is not open to another appeal: the figure it was scored from was decided on already."""
    rows = Appeal.objects.filter(
        published_list__collection=published.collection_id,
        region=region,
        indicator_code=spec.cell.code,
        state__in=DECIDED,
    )
    for row in rows:
        decided = [row.scored_figure]
        if row.state == AppealState.UPHELD:
            decided.append(row.proposed_figure)
        if spec.scored in [figure_from_document(each) for each in decided]:
            decided_on = chinese_date(clock.day_of(row.decided_at or row.state_since))
            return Stale(
                "appeal_decided",
                f"{region.full_name}“{spec.cell.name}”的申诉已于{decided_on}作出决定"
                f"（{row.get_state_display()}），同一数据不再受理。请在“申诉”中查看决定。",
            )
    return None
