"""The door to rehearsals: schemes that may be tried, the years they are tried on, and what came out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from scoring.engine.codec import scheme_from_bytes
from scoring.engine.errors import DocumentError
from scoring.enums import RunState
from scoring.models import GradingRun, Rehearsal, SchemeVersion

# How many past years a scheme is tried on.
YEARS = 3


def list_rehearsals(user: User) -> QuerySet[Rehearsal]:
    """All rehearsals, newest first; only for those who draw schemes up. Reports are left unread."""
    if not user.holds(Permission.EDIT_SCHEME):
        return Rehearsal.objects.none()
    rows = Rehearsal.objects.select_related("version__scheme", "requested_by__office", "job")
    return rows.defer("report", "settings", "version__document").order_by("-created_at", "-pk")


def get_rehearsal(user: User, public_id: UUID) -> Rehearsal:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_rehearsals(user), public_id=public_id)


def list_triable(user: User) -> QuerySet[SchemeVersion]:
    """Versions that may be tried, drafts too, newest first; drafts before the locked."""
    if not user.holds(Permission.EDIT_SCHEME):
        return SchemeVersion.objects.none()
    return SchemeVersion.objects.select_related("scheme").order_by("scheme__name", "-number")


def get_triable(user: User, public_id: UUID, *, lock: bool = False) -> SchemeVersion:
    """One of those; 404 otherwise."""
    versions = list_triable(user)
    if lock:
        versions = versions.select_for_update(of=("self",))
    return get_object_or_404(versions, public_id=public_id)


def past_runs(version: SchemeVersion) -> list[GradingRun]:
    """The newest complete run of each of the last three graded years of the scheme's indicator system."""
    runs = GradingRun.objects.filter(
        state=RunState.COMPLETE, collection__version__system=version.scheme.system_id
    )
    newest = (
        runs.defer("inputs")
        .select_related("collection")
        .order_by("-collection__data_year", "-number", "-pk")
        .distinct("collection__data_year")
    )
    return list(newest[:YEARS])


def scheme_fault(document: str) -> str:
    """What makes a scheme's text unusable, in words; blank for a sound one."""
    try:
        scheme_from_bytes(document)
    except DocumentError as error:
        return error.sentence
    return ""


@dataclass(frozen=True, slots=True)
class TriedYear:
    """One year of a report as pages show it."""

    data: Mapping[str, Any]
    run: GradingRun | None

    @property
    def class_changes(self) -> int:
        """How many counties change class."""
        return sum(each["class"][0] != each["class"][1] for each in self.data["changed"])


def read_report(rehearsal: Rehearsal) -> list[TriedYear]:
    """The years of a complete rehearsal, newest first; none for one that is not complete."""
    if not rehearsal.report:
        return []
    runs = {
        str(row.public_id): row
        for row in rehearsal.runs.select_related("collection").defer("inputs")
    }
    years = json.loads(rehearsal.report)["years"]
    return [TriedYear(year, runs.get(year["run"])) for year in years]


def has_moved_on(rehearsal: Rehearsal) -> bool:
    """Whether the version's text is no longer the one tried."""
    return rehearsal.version.sha256 != rehearsal.scheme_sha256


def newest_rehearsals(versions: Sequence[SchemeVersion]) -> dict[int, Rehearsal]:
    """Per version: its newest rehearsal, for the scheme editor's pages; one query."""
    rows = Rehearsal.objects.filter(version__in=versions).defer("report", "settings")
    newest = rows.order_by("version", "-created_at").distinct("version")
    return {row.version_id: row for row in newest}
