"""Grading: a run is written down, then a worker freezes its inputs and scores them."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused
from county_portal.jobs.actions import Order, start_job
from indicators.models import Collection, Submission
from indicators.selectors import get_collection
from scoring.archive import manifest_of
from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_bytes, results_bytes, sha256
from scoring.engine.errors import ScoringError
from scoring.engine.types import BatchResult
from scoring.engine.version import ENGINE_VERSION
from scoring.enums import GRADE_JOB, RunState
from scoring.models import GradingRun, Result, ResultLine
from scoring.selectors.inputs import list_unreviewed, lock_reviewed, read_inputs
from scoring.selectors.runs import engine_scheme, get_scheme_version


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What to grade by which scheme; a reason if counties are left out."""

    collection_id: UUID
    scheme_version_id: UUID
    exception_reason: str = ""


@transaction.atomic
def start_run(*, actor: User, order: RunOrder) -> tuple[GradingRun, bool]:
    """Write a run down and start its job; a second start while one is unfinished returns that one.

    Raises Invalid while submissions are unreviewed, unless the exception is written down: the counties
    concerned are then left out and named in the run.
    """
    if not actor.holds(Permission.GRADE):
        raise NotAllowed()
    collection = get_collection(actor, order.collection_id, lock=True)
    running = collection.runs.filter(state=RunState.QUEUED).first()
    if running:
        return running, False
    version = get_scheme_version(order.scheme_version_id)
    left_out = _refuse_unreviewed(collection, order.exception_reason.strip())
    run = GradingRun.objects.create(
        collection=collection,
        scheme_version=version,
        number=collection.runs.count() + 1,
        requested_by=actor,
        created_at=clock.now(),
        left_out=[row.region.code for row in left_out],
        exception_reason=order.exception_reason.strip() if left_out else "",
    )
    job, _ = start_job(
        actor=actor,
        order=Order(GRADE_JOB, f"{run}", f"run:{run.pk}", ["grade"], {"run": run.pk}),
    )
    run.job = job
    run.save(update_fields=["job"])
    record(
        actor,
        Entry(
            "start_run",
            "run",
            str(run.public_id),
            {"scheme": version.sha256, "left_out": run.left_out, "reason": run.exception_reason},
        ),
    )
    return run, True


def _refuse_unreviewed(collection: Collection, reason: str) -> list[Submission]:
    unreviewed = list_unreviewed(collection)
    if unreviewed and not reason:
        names = "、".join(row.region.full_name for row in unreviewed[:5])
        more = f"等{len(unreviewed)}个县（市、区）" if len(unreviewed) > 5 else ""  # noqa: PLR2004 -- five names fit a sentence
        raise Invalid(
            "submissions_unreviewed",
            f"{names}{more}的填报表尚未通过市级审核，不能开始评价。如确需评价，请填写例外说明，上述县将不参评。",
            "exception_reason",
        )
    return unreviewed


@transaction.atomic
def grade_run(run_id: int) -> GradingRun:
    """Freeze the inputs of one moment, score them, keep everything. Does nothing for a complete run.

    Raises Refused naming county and indicator if a figure cannot be scored.
    """
    run = GradingRun.objects.select_for_update(of=("self",)).select_related("collection").get(pk=run_id)
    if run.state == RunState.COMPLETE:
        return run
    scheme = engine_scheme(run.scheme_version)
    submissions = [
        row for row in lock_reviewed(run.collection) if row.region.code not in set(run.left_out)
    ]
    inputs = read_inputs(run.collection, submissions, run.scheme_version.sha256)
    try:
        batch = score_batch(inputs, scheme)
    except ScoringError as error:
        raise Refused(error.code, error.sentence) from error
    frozen = inputs_bytes(inputs)
    results = results_bytes(batch)
    _store_results(run, submissions, batch)
    run.engine_version = ENGINE_VERSION
    run.inputs, run.inputs_sha256 = frozen.decode(), sha256(frozen)
    run.results_sha256 = sha256(results)
    run.digest = sha256(manifest_of(run, results))
    run.state, run.completed_at = RunState.COMPLETE, clock.now()
    run.save()
    record(None, Entry("complete_run", "run", str(run.public_id), {"digest": run.digest}))
    return run


def _store_results(run: GradingRun, submissions: list[Submission], batch: BatchResult) -> None:
    by_code = {row.region.code: row for row in submissions}
    results = Result.objects.bulk_create(
        Result(
            run=run,
            region=by_code[county.code].region,
            submission=by_code[county.code],
            total=county.total,
            class_name=county.class_name,
            rank=county.rank,
            flags=sorted(county.flags),
        )
        for county in batch.counties
    )
    ResultLine.objects.bulk_create(
        (
            ResultLine(
                result=result,
                indicator_code=line.indicator,
                order=order,
                score=line.score,
                flags=sorted(line.flags),
                derivation=line.derivation.text,
                steps=[[step.name, step.label, step.text] for step in line.derivation.steps],
            )
            for result, county in zip(results, batch.counties, strict=True)
            for order, line in enumerate(county.lines, 1)
        ),
        batch_size=3000,
    )


@transaction.atomic
def fail_run(run_id: int) -> None:
    """Mark a run whose job failed, so that another may be started."""
    run = GradingRun.objects.select_for_update().get(pk=run_id)
    if run.state == RunState.QUEUED:
        run.state = RunState.FAILED
        run.save(update_fields=["state"])
        record(None, Entry("fail_run", "run", str(run.public_id), {}))
