"""Candidates of a round as the province compares them: a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from applications.enums import (
    ApplicationAction,
    ApplicationState,
    FormalOutcome,
    ListState,
    SheetState,
    Stage,
)
from applications.evaluations import Evaluated, latest_classes
from applications.models import (
    Application,
    ApplicationStep,
    CityOpinion,
    Criterion,
    Decision,
    FormalCheck,
    PanelSheet,
    PilotList,
    PilotRound,
)
from applications.rules.comparison import compare
from applications.rules.panel import PanelResult, panel_result
from applications.selectors.letters import letters_of
from county_portal.documents.models import Paper

_PAST_PROVINCE = (
    ApplicationState.ADMITTED,
    ApplicationState.SELECTED,
    ApplicationState.NOT_SELECTED,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application with everything the province weighs."""

    application: Application
    stage: Stage
    letter: Paper | None  # that recommends it and holds
    evaluated: Evaluated | None
    formal: FormalCheck | None
    opinion: CityOpinion | None
    panel: PanelResult
    decision: Decision | None  # on the list that is being made or stands

    @property
    def place(self) -> int | None:
        """The place its city gave it."""
        return self.opinion.place if self.opinion else None

    @property
    def mean(self) -> Decimal | None:
        """Mean of the experts' totals."""
        return self.panel.total.mean


def list_candidates(call: PilotRound) -> list[Candidate]:
    """Everything that reached the province, by region code; eight queries and those of the evaluation.

    What a city recommends counts from its letter on; what the province sent back stays in sight.
    """
    sent_back = ApplicationStep.objects.filter(
        application=OuterRef("pk"), action=ApplicationAction.SEND_BACK
    )
    rows = list(
        call.applications.filter(
            Q(state__in=[*_PAST_PROVINCE, ApplicationState.REVIEWED]) | Exists(sent_back)
        )
        .select_related(
            "region__parent__parent",
            "office",
            "reviewing_office",
            "formal_check",
            "city_opinion",
            "round",
        )
        .order_by("region__code")
    )
    letters = letters_of(rows)
    rows = [row for row in rows if row.state != ApplicationState.REVIEWED or row.pk in letters]
    panels, decisions = read_panels(call, rows), _decisions(call)
    # What the evaluation said when it was decided, not what it said since.
    published = next((each.pilot_list.published_at for each in decisions.values()), None)
    classes = latest_classes([row.region for row in rows], published)
    return [
        Candidate(
            application=row,
            stage=_stage_of(row),
            letter=letters.get(row.pk),
            evaluated=classes.get(row.region_id),
            formal=_formal(row),
            opinion=getattr(row, "city_opinion", None),
            panel=panels[row.pk],
            decision=decisions.get(row.pk),
        )
        for row in rows
    ]


def candidate_of(application: Application) -> Candidate | None:
    """One of them; None for one that has not reached the province."""
    found = list_candidates(application.round)
    return next((each for each in found if each.application.pk == application.pk), None)


def selected_of(candidates: Iterable[Candidate]) -> set[int]:
    """Applications the list that is being made or stands selects; none without a list."""
    return {
        each.application.pk for each in candidates if each.decision and each.decision.is_selected
    }


@dataclass(frozen=True, slots=True)
class Neighbours:
    """From one candidate to the next, by region code; None where there is none."""

    before: Candidate | None
    after: Candidate | None
    unchecked: (
        Candidate | None
    )  # the next that waits for its formal check, from the beginning after the last


def neighbours_of(candidates: Sequence[Candidate], application: Application) -> Neighbours:
    """Those around one of them."""
    keys = [each.application.pk for each in candidates]
    here = keys.index(application.pk)
    around = [*candidates[here + 1 :], *candidates[:here]]
    return Neighbours(
        candidates[here - 1] if here else None,
        candidates[here + 1] if here + 1 < len(candidates) else None,
        next((each for each in around if each.stage == Stage.UNCHECKED), None),
    )


def ranks_of(candidates: Sequence[Candidate]) -> dict[int, int]:
    """By application, the place of its mean among all candidates, best first; none for what nobody judged."""
    compared = compare([each.mean for each in candidates], lower_is_better=False)
    return {
        each.application.pk: found.place
        for each, found in zip(candidates, compared, strict=True)
        if found.place is not None
    }


def list_criteria(call: PilotRound) -> list[Criterion]:
    """What experts judge in the round; empty until somebody set it or assigned an expert."""
    return list(call.criteria.order_by("order"))


def read_panels(call: PilotRound, rows: Iterable[Application]) -> dict[int, PanelResult]:
    """What the experts gave, by application. Only opinions given count: nothing else is told of a sheet."""
    applications = [row.pk for row in rows]
    sheets: defaultdict[int, list[PanelSheet]] = defaultdict(list)
    for sheet in PanelSheet.objects.filter(application__in=applications).prefetch_related("scores"):
        sheets[sheet.application_id].append(sheet)
    criteria = list_criteria(call)
    return {pk: _result(criteria, sheets[pk]) for pk in applications}


def _result(criteria: Sequence[Criterion], sheets: Sequence[PanelSheet]) -> PanelResult:
    return panel_result(
        criteria,
        [
            {score.criterion_id: score.score for score in sheet.scores.all()}
            for sheet in sheets
            if sheet.state == SheetState.GIVEN
        ],
        asked=len(sheets),
        conflicted=sum(1 for sheet in sheets if sheet.state == SheetState.CONFLICTED),
    )


def standing_list(call: PilotRound) -> PilotList | None:
    """The round's list that is being made, on notice or published."""
    return (
        call.lists.exclude(state=ListState.WITHDRAWN)
        .select_related("prepared_by", "published_by", "paper", "round")
        .first()
    )


def _decisions(call: PilotRound) -> dict[int, Decision]:
    rows = Decision.objects.filter(pilot_list__round=call).exclude(
        pilot_list__state=ListState.WITHDRAWN
    )
    return {row.application_id: row for row in rows.select_related("pilot_list")}


def _formal(row: Application) -> FormalCheck | None:
    return getattr(row, "formal_check", None)


def _stage_of(row: Application) -> Stage:
    check = _formal(row)
    if row.state == ApplicationState.REVIEWED:
        failed = check is not None and check.outcome == FormalOutcome.FAILED
        return Stage.FAILED if failed else Stage.UNCHECKED
    stages = {
        ApplicationState.ADMITTED: Stage.PANEL,
        ApplicationState.SELECTED: Stage.SELECTED,
        ApplicationState.NOT_SELECTED: Stage.NOT_SELECTED,
    }
    return stages.get(ApplicationState(row.state), Stage.SENT_BACK)
