"""Experts' sheets: whose they are, what may be seen of them, what there is to assign."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.enums import ApplicationState, SheetState
from applications.models import (
    Application,
    Criterion,
    GovernmentDocument,
    PanelSheet,
    PilotRound,
    PlanFile,
    RowEvidence,
)
from applications.selectors.selection import list_criteria
from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Permission
from county_portal.audit.selectors import hands_by_object
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one expert gave: his points in the order of the criteria, their sum, his words."""

    sheet: PanelSheet
    points: Sequence[Decimal | None]
    total: Decimal

    @property
    def expert(self) -> User:
        """Who gave it."""
        return self.sheet.expert


def list_sheets(user: User) -> QuerySet[PanelSheet]:
    """Sheets somebody may see: an expert's own, all for those who run and decide."""
    return PanelSheet.objects.visible_to(user).select_related(
        "application__round__version",
        "application__region__parent",
        "application__reviewing_office",
        "expert",
    )


def get_sheet(user: User, public_id: UUID, *, lock: bool = False) -> PanelSheet:
    """One of an expert's own; 404 otherwise."""
    sheets = list_sheets(user).filter(expert=user)
    if lock:
        sheets = sheets.select_for_update(of=("self",))
    return get_object_or_404(sheets, public_id=public_id)


def list_own_sheets(user: User) -> list[PanelSheet]:
    """What an expert was asked for, newest round first, what waits first, by region code; `points` sums up his own."""
    sheets = (
        list_sheets(user)
        .filter(expert=user)
        .annotate(points=Sum("scores__score"), is_settled=~Q(state=SheetState.ASSIGNED))
    )
    order = ("-application__round__year", "is_settled", "application__region__code")
    return list(sheets.order_by(*order))


def next_sheet(sheet: PanelSheet) -> PanelSheet | None:
    """What the same expert still owes in the round: the next by region code, from the beginning after the last."""
    owed = (
        list_sheets(sheet.expert)
        .filter(expert=sheet.expert, application__round=sheet.application.round)
        .filter(state=SheetState.ASSIGNED, application__state=ApplicationState.ADMITTED)
        .exclude(pk=sheet.pk)
        .order_by("application__region__code")
    )
    code = sheet.application.region.code
    return owed.filter(application__region__code__gt=code).first() or owed.first()


def list_opinions(user: User, application: Application) -> list[Opinion]:
    """Opinions given on an application; an expert sees them once his own is given, before that none."""
    sheets = PanelSheet.objects.filter(application=application, state=SheetState.GIVEN)
    is_staff = user.holds(Permission.RUN_PILOTS) or user.holds(Permission.DECIDE_PILOTS)
    if not is_staff and not sheets.filter(expert=user).exists():
        return []
    criteria = list_criteria(application.round)
    rows = sheets.select_related("expert").prefetch_related("scores").order_by("given_at", "pk")
    return [_opinion(sheet, criteria) for sheet in rows]


def own_scores(sheet: PanelSheet) -> dict[int, Decimal]:
    """An expert's own points by criterion."""
    return dict(sheet.scores.values_list("criterion", "score"))


def list_experts() -> list[User]:
    """Everybody who may judge pilots."""
    return _who_may(Permission.JUDGE_PILOTS)


# What an expert does to an application by judging it.
_JUDGING = ("declare_no_conflict", "declare_conflict", "give_opinion")


def list_involved(applications: Sequence[Application]) -> dict[int, set[int]]:
    """Who had a hand in each application otherwise than by judging it, whatever post that was in; one query.

    Posts change and the record remembers: somebody of the county or its city does not judge it later as an expert.
    """
    keys = {str(each.public_id): each.pk for each in applications}
    hands = hands_by_object("application", keys, besides=_JUDGING)
    return {pk: hands.get(key, set()) for key, pk in keys.items()}


def list_managers() -> list[User]:
    """Everybody who runs rounds."""
    return _who_may(Permission.RUN_PILOTS)


def _who_may(permission: Permission) -> list[User]:
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    found = User.objects.filter(role__in=roles, is_active=True).select_related("office")
    return list(found.order_by("display_name", "pk"))


def list_judgeable(call: PilotRound) -> list[Application]:
    """Applications that passed the formal check and are not decided yet, by region code."""
    rows = call.applications.filter(state=ApplicationState.ADMITTED)
    return list(rows.select_related("region", "reviewing_office").order_by("region__code"))


def list_round_sheets(call: PilotRound) -> list[PanelSheet]:
    """Every sheet of a round with its expert: who was asked, not what he thinks."""
    sheets = PanelSheet.objects.filter(application__round=call)
    return list(sheets.select_related("expert", "application__region"))


def is_judged(call: PilotRound) -> bool:
    """Whether an opinion was given, after which the criteria stand."""
    return PanelSheet.objects.filter(application__round=call, state=SheetState.GIVEN).exists()


def _opinion(sheet: PanelSheet, criteria: Sequence[Criterion]) -> Opinion:
    points = {score.criterion_id: score.score for score in sheet.scores.all()}
    return Opinion(
        sheet, [points.get(each.pk) for each in criteria], sum(points.values(), Decimal(0))
    )


def may_read_materials(sheet: PanelSheet) -> bool:
    """Whether the materials are open to the expert: after the declaration, unless he keeps away."""
    return sheet.declared_at is not None and sheet.state != SheetState.CONFLICTED


def get_material_file(sheet: PanelSheet, digest: str) -> StoredFile:
    """A file of the materials before the expert, by its digest; 404 otherwise, and while they are closed."""
    if not may_read_materials(sheet):
        raise Http404
    application = sheet.application
    files = StoredFile.objects.filter(
        Exists(RowEvidence.objects.filter(row__application=application, file=OuterRef("pk")))
        | Exists(GovernmentDocument.objects.filter(application=application, file=OuterRef("pk")))
        | Exists(PlanFile.objects.filter(application=application, file=OuterRef("pk")))
    )
    found = files.filter(sha256=digest).first()
    if found is None:
        raise Http404
    return found
