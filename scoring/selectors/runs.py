"""The door to grading runs and their results."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from scoring.engine.codec import scheme_from_bytes
from scoring.engine.types import Scheme as EngineScheme
from scoring.models import GradingRun, Result, ResultLine, SchemeVersion


def list_scheme_versions(system_id: int) -> QuerySet[SchemeVersion]:
    """Locked scheme versions for an indicator system, newest first."""
    return (
        SchemeVersion.objects.filter(scheme__system=system_id, state="locked")
        .select_related("scheme")
        .order_by("-number")
    )


def get_scheme_version(public_id: UUID) -> SchemeVersion:
    """One version; 404 otherwise."""
    return get_object_or_404(SchemeVersion.objects.select_related("scheme"), public_id=public_id)


def engine_scheme(version: SchemeVersion) -> EngineScheme:
    """The engine's reading of a stored scheme."""
    return scheme_from_bytes(version.document)


def list_runs(user: User) -> QuerySet[GradingRun]:
    """Runs, newest first; only for those who may see results. The frozen inputs are left unread."""
    if not user.holds(Permission.VIEW_RESULTS):
        return GradingRun.objects.none()
    return (
        GradingRun.objects.select_related("collection", "scheme_version__scheme", "requested_by", "job")
        .defer("inputs")
        .order_by("-created_at")
    )


def get_run(user: User, public_id: UUID) -> GradingRun:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_runs(user), public_id=public_id)


def list_results(run: GradingRun) -> QuerySet[Result]:
    """Results by rank."""
    return run.results.select_related("region__parent", "submission").order_by("rank", "region__code")


def get_result(run: GradingRun, region_public_id: UUID) -> Result:
    """One county's result with its lines; 404 otherwise."""
    lines = Prefetch("lines", ResultLine.objects.order_by("order"))
    return get_object_or_404(
        list_results(run).prefetch_related(lines), region__public_id=region_public_id
    )


def count_classes(run: GradingRun, names: Sequence[str]) -> dict[str, int]:
    """How many counties in each class, every class named, best first."""
    counts = Counter(run.results.values_list("class_name", flat=True))
    return {name: counts.get(name, 0) for name in names}


def list_near_limits(run: GradingRun, scheme: EngineScheme, margin: Decimal) -> list[Result]:
    """Results within `margin` points of a class limit."""
    limits = [grade.at_least for grade in scheme.classes if grade.at_least > 0]
    return [
        result
        for result in list_results(run)
        if any(abs(result.total - limit) <= margin for limit in limits)
    ]
