"""Acceptances somebody may see, read whole, and as the data a decision is bound to."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from applications.enums import ACCEPTANCE_DATA, ACCEPTANCE_PAPER, AcceptanceState, SheetState
from applications.models import (
    Acceptance,
    AcceptanceFile,
    AcceptanceLine,
    AcceptanceOpinion,
    AcceptanceRecord,
    AcceptanceStep,
    Pilot,
)
from applications.rules.acceptance import TEXTS, FinalLine, FinalTask, Missing, Summary, missing_of
from applications.selectors.pilots import TaskLine, list_task_lines
from applications.selectors.targets import TargetLine, list_target_lines
from applications.workflow import ACCEPTANCE_WORKFLOW
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from county_portal.common import clock
from county_portal.common.workflow import Transition
from county_portal.documents.kinds import DataKind, IssuedKind, Source

EDITABLE = (AcceptanceState.DRAFT, AcceptanceState.RETURNED)


def list_acceptances(user: User) -> QuerySet[Acceptance]:
    """Acceptances somebody may see, with pilot, region and offices."""
    return _whole(Acceptance.objects.visible_to(user))


def get_acceptance(user: User, public_id: UUID, *, lock: bool = False) -> Acceptance:
    """One of those; 404 otherwise."""
    acceptances = list_acceptances(user)
    if lock:
        acceptances = acceptances.select_for_update(of=("self",))
    return get_object_or_404(acceptances, public_id=public_id)


def _whole(acceptances: QuerySet[Acceptance]) -> QuerySet[Acceptance]:
    return acceptances.select_related(
        "pilot__region",
        "pilot__round",
        "pilot__office",
        "pilot__reviewing_office",
        "proposed_by",
        "decided_by",
        "paper__register",
    )


def acceptances_of(pilot: Pilot) -> list[Acceptance]:
    """Of one pilot, newest first; one query."""
    return list(_whole(Acceptance.objects.filter(pilot=pilot)).order_by("-number"))


def newest_of(pilots: Iterable[Pilot]) -> dict[int, Acceptance]:
    """Each pilot's newest acceptance, by the pilot's primary key; one query."""
    rows = _whole(Acceptance.objects.filter(pilot__in=list(pilots)))
    return {row.pilot_id: row for row in rows.order_by("number")}


def may_edit(user: User, acceptance: Acceptance) -> bool:
    """Whether this person may change the summary now."""
    return (
        user.holds(Permission.APPLY)
        and acceptance.pilot.office_id == user.office_id
        and acceptance.state in EDITABLE
        and acceptance.pilot.is_building
    )


def available_moves(user: User, acceptance: Acceptance) -> tuple[Transition, ...]:
    """Transitions the table offers somebody; completeness is asked by the act."""
    return ACCEPTANCE_WORKFLOW.actions_from(acceptance.state, user.permissions)


def movers_of(action: str) -> set[str]:
    """Permissions any of which lets one take a step, in some state."""
    return {row.permission for row in ACCEPTANCE_WORKFLOW.transitions if row.action == action}


def list_steps(acceptance: Acceptance) -> list[AcceptanceStep]:
    """The moves so far, oldest first."""
    return list(acceptance.steps.select_related("actor__office").order_by("at", "pk"))


def read_summary(acceptance: Acceptance, until: datetime | None = None) -> Summary:
    """Everything the county filled, held against the targets as they stand; eight queries.

    Tasks are as they are noted now, or were noted until a moment. What was handed in is asked of
    `selectors.handed_in`.
    """
    filled = {line.target_id: line for line in acceptance.lines.all()}
    pilot = acceptance.pilot
    return Summary(
        region_code=pilot.region.code,
        region_name=pilot.region.full_name,
        number=acceptance.number,
        texts={name: getattr(acceptance, name) for name in TEXTS},
        lines=[_final(line, filled.get(line.target.pk)) for line in list_target_lines(pilot)],
        tasks=[_final_task(line) for line in list_task_lines(pilot, until)],
        files=[(each.name, each.file.sha256, each.file.name) for each in list_files(acceptance)],
    )


def _final_task(line: TaskLine) -> FinalTask:
    note = line.newest
    return FinalTask(
        line.task.get_kind_display(),
        line.task.goal,
        line.done,
        line.expected,
        note.words if note else "",
        clock.day_of(note.noted_at) if note else None,
    )


def _final(line: TargetLine, filled: AcceptanceLine | None) -> FinalLine:
    target = line.target
    return FinalLine(
        key=target.pk,
        order=target.order,
        name=target.name,
        unit=target.unit,
        kind=target.kind,
        is_qualitative=target.is_qualitative,
        lower_is_better=target.lower_is_better,
        baseline=target.baseline,
        goal=line.final_goal,
        goal_year=line.final.year if line.final else None,
        number=filled.number if filled else None,
        words=filled.words if filled else "",
        reported=line.latest.number if line.latest else None,
        reported_year=line.latest.year if line.latest else None,
    )


def list_missing(acceptance: Acceptance, summary: Summary | None = None) -> list[Missing]:
    """What is still blank."""
    return list(missing_of(summary or read_summary(acceptance)))


def list_files(acceptance: Acceptance) -> list[AcceptanceFile]:
    """Evidence, oldest first."""
    return list(acceptance.files.select_related("file", "added_by").order_by("added_at", "pk"))


def get_file(user: User, public_id: UUID) -> AcceptanceFile:
    """Evidence of an acceptance somebody may see, or is to judge; 404 otherwise."""
    files = AcceptanceFile.objects.filter(_reachable(user)).select_related("file", "acceptance")
    return get_object_or_404(files, public_id=public_id)


def get_own_file(user: User, public_id: UUID) -> AcceptanceFile:
    """Evidence of an acceptance of the user's own office; 404 otherwise."""
    files = AcceptanceFile.objects.filter(acceptance__in=Acceptance.objects.visible_to(user))
    return get_object_or_404(files.select_related("acceptance"), public_id=public_id)


def list_records(acceptance: Acceptance) -> list[AcceptanceRecord]:
    """Defences and visits by day."""
    records = acceptance.records.select_related("file", "recorded_by")
    return list(records.order_by("held_on", "pk"))


def get_record(user: User, public_id: UUID) -> AcceptanceRecord:
    """A record of an acceptance somebody may see, or is to judge; 404 otherwise."""
    records = AcceptanceRecord.objects.filter(_reachable(user)).select_related("file")
    return get_object_or_404(records, public_id=public_id)


def _reachable(user: User) -> Q:
    judged = AcceptanceOpinion.objects.filter(expert=user).exclude(state=SheetState.CONFLICTED)
    return Q(acceptance__in=Acceptance.objects.visible_to(user)) | Q(
        acceptance__in=judged.values("acceptance") if user.holds(Permission.JUDGE_PILOTS) else []
    )


def list_opinions(acceptance: Acceptance) -> list[AcceptanceOpinion]:
    """All experts of an acceptance; for those who run and decide."""
    return list(acceptance.opinions.select_related("expert").order_by("assigned_at", "pk"))


def list_free_experts(acceptance: Acceptance) -> list[User]:
    """Experts not yet asked about it."""
    experts = User.objects.filter(role=Role.PROVINCE_EXPERT, is_active=True)
    asked = acceptance.opinions.values("expert")
    return list(experts.exclude(pk__in=asked).order_by("display_name", "login"))


def list_own_opinions(user: User) -> QuerySet[AcceptanceOpinion]:
    """What an expert is or was asked to judge, open ones first."""
    opinions = AcceptanceOpinion.objects.filter(expert=user).select_related(
        "acceptance__pilot__region",
        "acceptance__pilot__round",
        "acceptance__pilot__office",
        "acceptance__pilot__reviewing_office",
    )
    return opinions.order_by("state", "-assigned_at", "pk")


def get_opinion(user: User, public_id: UUID, *, lock: bool = False) -> AcceptanceOpinion:
    """One of an expert's own; 404 otherwise."""
    opinions = list_own_opinions(user)
    if lock:
        opinions = opinions.select_for_update(of=("self",))
    return get_object_or_404(opinions, public_id=public_id)


def others_given(opinion: AcceptanceOpinion) -> Sequence[AcceptanceOpinion]:
    """Colleagues' opinions; none until one's own is given."""
    if opinion.state != SheetState.GIVEN:
        return []
    given = opinion.acceptance.opinions.filter(state=SheetState.GIVEN).exclude(pk=opinion.pk)
    return list(given.select_related("expert").order_by("given_at", "pk"))


def source_of(acceptance: Acceptance) -> Source:
    """An acceptance as it was handed in, as what the decision speaks of."""
    key = str(acceptance.public_id)
    return Source(ACCEPTANCE_DATA, key, str(acceptance), acceptance.content_digest)


def _digest(key: str) -> str | None:
    """None while it is with county or city: nothing is to be issued on it then."""
    held = (AcceptanceState.PROVINCE_REVIEW, AcceptanceState.DECIDED)
    found = Acceptance.objects.filter(public_id=key, state__in=held)
    return found.values_list("content_digest", flat=True).first()


def _lock(key: str) -> None:
    Acceptance.objects.filter(public_id=key).select_for_update().values_list("pk").first()


def _page_of(paper: int) -> tuple[str, str] | None:
    found = Acceptance.objects.filter(paper=paper).select_related("pilot__region").first()
    if found is None:
        return None
    return str(found), reverse("applications:acceptance", args=[found.public_id])


def _drafters_of(papers: Collection[int]) -> dict[int, str]:
    rows = Acceptance.objects.filter(paper__in=papers).select_related("proposed_by")
    return {
        row.paper_id: row.proposed_by.display_name
        for row in rows
        if row.paper_id and row.proposed_by
    }


ACCEPTANCE_KIND = DataKind(ACCEPTANCE_DATA, "试点总结验收材料", _digest, _lock)
ACCEPTANCE_NOTICE = IssuedKind(
    ACCEPTANCE_PAPER,
    "验收结论通知",
    _page_of,
    None,
    "它公布的验收结论仍在执行。结论确需变更的，请另行组织验收后重新公布。",
    _drafters_of,
)
