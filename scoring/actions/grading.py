"""Grading: a run is written down, then a worker freezes its inputs and scores them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.copying import copy_rows
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from indicators.enums import REVIEWED
from indicators.models import Collection, Submission
from indicators.selectors import get_collection
from scoring.actions.corrections import note_corrections
from scoring.archive import manifest_of
from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_bytes, results_bytes, sha256
from scoring.engine.completion import indicators_with_targets
from scoring.engine.errors import ScoringError
from scoring.engine.types import BatchResult, Flag, GradingInputs, IndicatorScore
from scoring.engine.version import ENGINE_VERSION
from scoring.enums import GRADE_JOB, RunState
from scoring.models import GradingRun, Result, ResultLine
from scoring.selectors.inputs import (
    agreed_codes,
    list_unreviewed,
    lock_submissions,
    read_inputs,
)
from scoring.selectors.origins import read_origins
from scoring.selectors.runs import complete_run_of, engine_scheme, get_scheme_version

# How many counties a sentence names before it counts the others.
NAMED = 5


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
        raise NotAllowed
    collection = get_collection(actor, order.collection_id, lock=True)
    running = collection.runs.filter(state=RunState.QUEUED).first()
    if running:
        return running, False
    version = get_scheme_version(collection, order.scheme_version_id)
    reason = order.exception_reason.strip()
    left_out = _refuse_unreviewed(collection, reason)
    run = GradingRun.objects.create(
        collection=collection,
        scheme_version=version,
        number=collection.runs.count() + 1,
        requested_by=actor,
        created_at=clock.now(),
        left_out=[row.region.code for row in left_out],
        exception_reason=reason if left_out else "",
    )
    run.job = _start_grading(actor, run)
    run.save(update_fields=["job"])
    detail = {"scheme": version.sha256, "left_out": run.left_out, "reason": run.exception_reason}
    record(actor, Entry("start_run", "run", str(run.public_id), detail))
    return run, True


def _start_grading(actor: User, run: GradingRun) -> Job:
    title = f"{run.collection.data_year}年度第{run.number}次评价"
    order = Order(GRADE_JOB, title, f"run:{run.pk}", ["grade"], {"run": run.pk})
    return start_job(actor=actor, order=order)[0]


def _refuse_unreviewed(collection: Collection, reason: str) -> list[Submission]:
    unreviewed = list_unreviewed(collection)
    if len(unreviewed) == collection.submissions.count():
        raise Stale("nothing_to_grade", "本次采集还没有一份通过市级审核的填报表，不能开始评价。")
    if unreviewed and not reason:
        raise Invalid(
            "submissions_unreviewed",
            f"{_names(unreviewed)}的填报表尚未通过市级审核，不能开始评价。"
            "如确需评价，请填写例外说明，上述县将不参评。",
            "exception_reason",
        )
    return unreviewed


def _names(submissions: Sequence[Submission]) -> str:
    names = "、".join(row.region.full_name for row in submissions[:NAMED])
    return names if len(submissions) <= NAMED else f"{names}等{len(submissions)}个县（市、区）"


@transaction.atomic
def grade_run(run_id: int) -> GradingRun:
    """Freeze the inputs of one moment, score them, keep everything. Does nothing for a run that is done.

    Where an earlier run of the collection has the same digest the new one names it and keeps nothing of its
    own. Raises Refused naming county and indicator if a figure cannot be scored.
    """
    run = (
        GradingRun.objects.select_for_update(of=("self",))
        .select_related("collection")
        .get(pk=run_id)
    )
    if run.state in {RunState.COMPLETE, RunState.UNCHANGED}:
        return run
    scheme = engine_scheme(run.scheme_version)
    submissions = _lock_graded(run)
    inputs = read_inputs(
        run.collection,
        submissions,
        run.scheme_version.sha256,
        agreed=agreed_codes(scheme),
        aimed=indicators_with_targets(scheme),
    )
    try:
        batch = score_batch(inputs, scheme)
    except ScoringError as error:
        raise Refused(error.code, error.sentence) from error
    frozen = inputs_bytes(inputs)
    results = results_bytes(batch)
    run.engine_version = ENGINE_VERSION
    run.inputs, run.inputs_sha256 = frozen.decode(), sha256(frozen)
    run.results_sha256 = sha256(results)
    run.digest = sha256(manifest_of(run, results))
    run.completed_at = clock.now()
    earlier = complete_run_of(run.collection, run.digest)
    if earlier is not None:
        return _name_earlier(run, earlier)
    _store_results(run, submissions, inputs, batch)
    note_corrections(run, submissions)
    run.state = RunState.COMPLETE
    run.save()
    record(None, Entry("complete_run", "run", str(run.public_id), {"digest": run.digest}))
    return run


def _name_earlier(run: GradingRun, earlier: GradingRun) -> GradingRun:
    """Graded from the same to the bit: what would be written stands there already."""
    run.state, run.same_as = RunState.UNCHANGED, earlier
    run.save(update_fields=["state", "same_as", "completed_at"])
    detail = {"same_as": str(earlier.public_id), "digest": earlier.digest}
    record(None, Entry("repeat_run", "run", str(run.public_id), detail))
    return run


def _lock_graded(run: GradingRun) -> list[Submission]:
    """The submissions of this run. Raises Refused if one was sent back since it was started.

    Such a county would otherwise be left out without anybody having said so.
    """
    submissions = [
        row for row in lock_submissions(run.collection) if row.region.code not in run.left_out
    ]
    sent_back = [row for row in submissions if row.state not in REVIEWED]
    if sent_back:
        raise Stale(
            "submissions_sent_back",
            f"开始评价后{_names(sent_back)}的填报表被退回，本次评价停止。请待其重新审核后再开始评价。",
        )
    return submissions


_LINE_COLUMNS = (
    *("result", "indicator_code", "order", "score"),
    *("flags", "derivation", "steps", "origin"),
)


def _store_results(
    run: GradingRun, submissions: list[Submission], inputs: GradingInputs, batch: BatchResult
) -> None:
    by_code = {row.region.code: row for row in submissions}
    origin_of = _origins(submissions, inputs)
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
    copy_rows(
        ResultLine,
        _LINE_COLUMNS,
        (
            (
                result.pk,
                line.indicator,
                order,
                line.score,
                sorted(line.flags),
                line.derivation.text,
                tuple((step.name, step.label, step.text) for step in line.derivation.steps),
                origin_of(result.submission_id, county.code, line),
            )
            for result, county in zip(results, batch.counties, strict=True)
            for order, line in enumerate(county.lines, 1)
        ),
    )


def _origins(
    submissions: list[Submission], inputs: GradingInputs
) -> Callable[[int, str, IndicatorScore], dict[str, Any]]:
    """Who stated and confirmed a line's figure, as stored with it: by submission, region code and line."""
    origins = read_origins(submissions)
    figures = {
        (county.code, figure.indicator): figure
        for county in inputs.counties
        for figure in county.figures
        if figure.carried or figure.measure.panel
    }

    def origin_of(submission: int, region: str, line: IndicatorScore) -> dict[str, Any]:
        figure = figures.get((region, line.indicator))
        carried = figure.carried if figure and Flag.CARRIED_FORWARD in line.flags else None
        return origins.json_of(
            submission,
            line.indicator,
            is_judged=bool(figure and figure.measure.panel),
            carried=carried.year if carried else 0,
        )

    return origin_of


@transaction.atomic
def fail_run(run_id: int) -> None:
    """Mark a run whose job failed, so that another may be started."""
    run = GradingRun.objects.select_for_update().get(pk=run_id)
    if run.state == RunState.QUEUED:
        run.state = RunState.FAILED
        run.save(update_fields=["state"])
        record(None, Entry("fail_run", "run", str(run.public_id), {}))
