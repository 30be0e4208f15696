"""Rehearsals: a scheme's text is taken down as it stands, then a worker tries it year by year."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.jobs.actions import Order, start_job
from scoring.engine.canonical import canonical_bytes, sha256
from scoring.engine.codec import inputs_from_bytes, scheme_from_bytes
from scoring.engine.errors import ScoringError
from scoring.enums import REHEARSAL_JOB, StudyState
from scoring.models import GradingRun, Rehearsal, SchemeVersion
from scoring.rehearsal import REHEARSAL_FORMAT, rehearse
from scoring.selectors.rehearsals import get_triable, past_runs, scheme_fault
from scoring.selectors.runs import engine_scheme


@transaction.atomic
def start_rehearsal(*, actor: User, version_id: UUID) -> tuple[Rehearsal, bool]:
    """Take the version's text down and start its job; returns the one under way if it tries the same text.

    Raises Invalid for a text with faults, Stale where no year has been graded yet.
    """
    if not actor.holds(Permission.EDIT_SCHEME):
        raise NotAllowed
    version = get_triable(actor, version_id, lock=True)
    running = version.rehearsals.filter(
        state=StudyState.QUEUED, scheme_sha256=version.sha256
    ).first()
    if running:
        return running, False
    runs = _runs_to_try(version)
    rehearsal = Rehearsal.objects.create(
        version=version,
        scheme_sha256=version.sha256,
        requested_by=actor,
        created_at=clock.now(),
        # The text itself: a draft may change before the worker comes to it.
        settings={"document": version.document},
    )
    rehearsal.runs.set(runs)
    title = f"{version}试算"
    params = {"rehearsal": rehearsal.pk}
    order = Order(
        REHEARSAL_JOB, title, f"rehearsal:{rehearsal.pk}", [str(row.pk) for row in runs], params
    )
    rehearsal.job = start_job(actor=actor, order=order)[0]
    rehearsal.save(update_fields=["job"])
    detail = {"scheme": version.sha256, "runs": [row.digest for row in runs]}
    record(actor, Entry("start_rehearsal", "rehearsal", str(rehearsal.public_id), detail))
    return rehearsal, True


def _runs_to_try(version: SchemeVersion) -> list[GradingRun]:
    fault = scheme_fault(version.document)
    if fault:
        raise Invalid(
            "scheme_has_faults",
            f"{version}还不能试算：{fault.rstrip('。')}。请先在评分方案中改正。",
            "version",
        )
    runs = past_runs(version)
    if not runs:
        raise Stale(
            "nothing_to_rehearse",
            f"{version.scheme.system}还没有已完成的评价，没有往年冻结数据可供试算。请在完成一次评价后再试算。",
        )
    return runs


def try_year(rehearsal_id: int, run_id: int) -> dict[str, Any]:
    """One year of a rehearsal; raises Refused where the text cannot score any county."""
    rehearsal = Rehearsal.objects.get(pk=rehearsal_id)
    run = rehearsal.runs.select_related("scheme_version").get(pk=run_id)
    tried = scheme_from_bytes(rehearsal.settings["document"])
    try:
        report = rehearse(inputs_from_bytes(run.inputs), engine_scheme(run.scheme_version), tried)
    except ScoringError as error:
        raise Refused(error.code, error.sentence) from error
    return {"run": str(run.public_id), "run_digest": run.digest, **report}


@transaction.atomic
def complete_rehearsal(rehearsal_id: int, years: Sequence[Mapping[str, Any]]) -> Rehearsal:
    """Keep the years' reports as one text with its digest. Does nothing for a complete one."""
    rehearsal = Rehearsal.objects.select_for_update(of=("self",)).get(pk=rehearsal_id)
    if rehearsal.state == StudyState.COMPLETE:
        return rehearsal
    content = canonical_bytes(
        {
            "format": REHEARSAL_FORMAT,
            "scheme_sha256": rehearsal.scheme_sha256,
            "years": [dict(year) for year in years],
        }
    )
    rehearsal.report, rehearsal.digest = content.decode(), sha256(content)
    rehearsal.state, rehearsal.completed_at = StudyState.COMPLETE, clock.now()
    rehearsal.save()
    detail = {"digest": rehearsal.digest}
    record(None, Entry("complete_rehearsal", "rehearsal", str(rehearsal.public_id), detail))
    return rehearsal


@transaction.atomic
def fail_rehearsal(rehearsal_id: int) -> None:
    """Mark a rehearsal whose job failed, so that the same text may be tried again."""
    rehearsal = Rehearsal.objects.select_for_update(of=("self",)).get(pk=rehearsal_id)
    if rehearsal.state == StudyState.QUEUED:
        rehearsal.state = StudyState.FAILED
        rehearsal.save(update_fields=["state"])
        record(None, Entry("fail_rehearsal", "rehearsal", str(rehearsal.public_id), {}))
