"""Studies of a run's robustness, and the word on each boundary county that publication waits for."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.jobs.actions import Order, start_job
from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_from_bytes, results_bytes, sha256
from scoring.enums import ROBUSTNESS_JOB, RunState, StudyState
from scoring.models import BoundaryCase, BoundaryReview, GradingRun, RobustnessStudy
from scoring.robustness.draws import Chance
from scoring.robustness.report import report_bytes
from scoring.robustness.settings import DEFAULT_DRAWS, SINGLE, Source, StudySettings
from scoring.robustness.study import CountyStudy, Study, study_robustness
from scoring.selectors.robustness import list_boundary, newest_study, publication_gate, read_known
from scoring.selectors.runs import engine_scheme, get_run

_WORD_AT_MOST = 500
# Digits of the run's digest that seed the study nobody chose a seed for: anybody can draw it again.
_SEED_DIGITS = 12
# Lowest and highest of each setting: a share, points, draws. The draws are held in memory.
DRAWS = (100, 5000)
_BOUNDS = {
    "epsilon": (Decimal(0), Decimal(10), "临界范围", "分"),
    "weights": (Decimal(0), Decimal("0.5"), "权重扰动", ""),
    "warnings": (Decimal(0), Decimal("0.5"), "提示数据偏差", ""),
    "threshold": (Decimal("0.01"), Decimal(1), "换档概率门槛", ""),
}


@dataclass(frozen=True, slots=True)
class StudyOrder:
    """How to study a run; without a seed it follows from the run's digest."""

    settings: StudySettings = field(default_factory=StudySettings)
    draws: int = DEFAULT_DRAWS
    seed: int | None = None


@transaction.atomic
def start_study(
    *, actor: User, run_id: UUID, order: StudyOrder | None = None
) -> tuple[RobustnessStudy, bool]:
    """Write a study down and start its job; a second start while one is unfinished returns that one."""
    if not actor.holds(Permission.CHECK_ROBUSTNESS):
        raise NotAllowed
    run = get_run(actor, run_id, lock=True)
    if run.state != RunState.COMPLETE:
        raise Stale("run_not_complete", "该次评价尚未完成，不能开始稳健性分析。")
    order = order or StudyOrder()
    _refuse_out_of_bounds(order)
    running = run.robustness_studies.filter(state=StudyState.QUEUED).first()
    if running:
        return running, False
    study = RobustnessStudy.objects.create(
        run=run,
        requested_by=actor,
        created_at=clock.now(),
        settings=order.settings.as_json(),
        seed=int(run.digest[:_SEED_DIGITS], 16) if order.seed is None else order.seed,
        draws=order.draws,
    )
    title = f"{run.collection.data_year}年度第{run.number}次评价稳健性分析"
    work = Order(ROBUSTNESS_JOB, title, f"robustness:{run.pk}", ["study"], {"study": study.pk})
    study.job = start_job(actor=actor, order=work)[0]
    study.save(update_fields=["job"])
    detail = {"settings": study.settings, "seed": str(study.seed), "draws": study.draws}
    record(actor, Entry("start_robustness", "run", str(run.public_id), detail))
    return study, True


def study_after_grading(run: GradingRun) -> None:
    """The study every complete run gets without being asked; none if whoever graded may not."""
    may = run.requested_by.holds(Permission.CHECK_ROBUSTNESS)
    if run.state == RunState.COMPLETE and may and not run.robustness_studies.exists():
        start_study(actor=run.requested_by, run_id=run.public_id)


def _refuse_out_of_bounds(order: StudyOrder) -> None:
    for name, (low, high, label, unit) in _BOUNDS.items():
        if not low <= getattr(order.settings, name) <= high:
            raise Invalid(
                "setting_out_of_range", f"{label}应在{low}{unit}至{high}{unit}之间，请改正。", name
            )
    if not DRAWS[0] <= order.draws <= DRAWS[1]:
        raise Invalid(
            "draws_out_of_range", f"抽样次数应在{DRAWS[0]}至{DRAWS[1]}之间，请改正。", "draws"
        )
    if order.seed is not None and not 0 <= order.seed < 2**63:
        raise Invalid("seed_out_of_range", "随机种子应为不超过18位的非负整数，请改正。", "seed")


@transaction.atomic
def complete_study(study_id: int) -> RobustnessStudy:
    """Draw, keep the report and its boundary cases. Does nothing for a complete study; one that failed may be retried.

    Raises Refused when the frozen inputs no longer give the stored results.
    """
    study = RobustnessStudy.objects.select_for_update(of=("self",)).get(pk=study_id)
    if study.state == StudyState.COMPLETE:
        return study
    run = GradingRun.objects.select_related("collection__version", "scheme_version").get(
        pk=study.run_id
    )
    done = _draw(study, run)
    content = report_bytes(done, run.digest)
    study.report, study.digest = content.decode(), sha256(content)
    study.state, study.completed_at = StudyState.COMPLETE, clock.now()
    study.save()
    regions = dict(run.results.values_list("region__code", "region_id"))
    BoundaryCase.objects.bulk_create(
        BoundaryCase(
            study=study,
            region_id=regions[county.code],
            limit_class=county.limit_class,
            distance=county.distance,
            change_probability=county.together.change,
            best_rank=county.together.best_rank,
            worst_rank=county.together.worst_rank,
            reasons=_reasons(county, done.settings),
        )
        for county in done.boundary
        if county.distance is not None
    )
    detail = {"digest": study.digest, "boundary": len(done.boundary)}
    record(None, Entry("complete_robustness", "run", str(run.public_id), detail))
    return study


def _draw(study: RobustnessStudy, run: GradingRun) -> Study:
    inputs, scheme = inputs_from_bytes(run.inputs), engine_scheme(run.scheme_version)
    batch = score_batch(inputs, scheme)
    if sha256(results_bytes(batch)) != run.results_sha256:
        raise Refused(
            "run_not_reproducible",
            "按冻结输入重新计分，结果与存储的不符，稳健性分析停止。请在评价运行页核验并报告系统管理员。",
        )
    return study_robustness(
        inputs,
        scheme,
        batch,
        StudySettings.from_json(study.settings),
        Chance(study.seed, study.draws),
        read_known(run, inputs),
    )


def _reasons(county: CountyStudy, settings: StudySettings) -> list[str]:
    """Why a county is a boundary case, in sentences."""
    reasons = []
    if county.distance is not None and abs(county.distance) <= settings.epsilon:
        side = "高出" if county.distance >= 0 else "低于"
        reasons.append(f"{side}{county.limit_class}类分档线{abs(county.distance)}分")
    for source in (*SINGLE, Source.TOGETHER):
        change = county.spreads[source].change
        if change >= settings.threshold:
            reasons.append(f"{source.label}扰动下有{change:.1%}的抽样换档")
    if county.doubts:
        reasons.append(f"{county.doubts}项数据的提示是说明原因后通过的")
    return reasons


@transaction.atomic
def fail_study(study_id: int) -> None:
    """Mark a study whose job failed, so that another may be started."""
    study = RobustnessStudy.objects.select_for_update(of=("self",)).get(pk=study_id)
    if study.state == StudyState.QUEUED:
        study.state = StudyState.FAILED
        study.save(update_fields=["state"])
        record(None, Entry("fail_robustness", "run", str(study.run.public_id), {}))


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """已复核 with a word; `study_id` is the study the reviewer had before them."""

    study_id: UUID
    region_id: UUID
    word: str


@transaction.atomic
def review_case(*, actor: User, run_id: UUID, review: ReviewInput) -> BoundaryReview:
    """Say of one boundary county that it was looked at again, and what was found; earlier words stay.

    Raises Stale when a newer study than the reviewer's is there, or the county is no boundary case.
    """
    if not actor.holds(Permission.CHECK_ROBUSTNESS):
        raise NotAllowed
    run = get_run(actor, run_id, lock=True)
    word = review.word.strip()
    if not word:
        raise Invalid("word_required", "请写明复核了什么、结论是什么，再标记已复核。", "word")
    if len(word) > _WORD_AT_MOST:
        raise Invalid("word_too_long", f"复核意见最多{_WORD_AT_MOST}字，请精简。", "word")
    newest = newest_study(run)
    if newest is None or newest.public_id != review.study_id:
        raise Stale("study_renewed", "本次评价已有新的稳健性分析，请查看新的结果后再写复核意见。")
    cases = {row.case.region.public_id: row.case for row in list_boundary(run)}
    if review.region_id not in cases:
        raise Stale("not_a_boundary_case", "该县（市、区）不在临界县之列，不需要复核。")
    region = cases[review.region_id].region
    made = BoundaryReview.objects.create(
        run=run, region=region, word=word, reviewed_by=actor, reviewed_at=clock.now()
    )
    detail = {"region": region.code, "word": word, "study": newest.digest}
    record(actor, Entry("review_boundary", "run", str(run.public_id), detail))
    return made


def refuse_unchecked(run: GradingRun) -> None:
    """The gate before publication. Raises Stale while the run is not studied or a case lacks its word."""
    gate = publication_gate(run)
    if not gate.is_studied:
        now = "正在进行，请待其完成" if gate.is_studying else "还没有进行，请先开始分析"
        raise Stale(
            "robustness_missing",
            f"{run}的稳健性分析{now}，并逐县复核临界县后再公布。",
        )
    if gate.unreviewed:
        raise Stale("boundary_unreviewed", gate.sentence)
