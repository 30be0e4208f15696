"""What leads to a list, step by step through the real actions: hand in, review, score, grade, publish."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import sleep

from county_portal.accounts.models import Region, User
from county_portal.common import clock
from county_portal.jobs import runner
from indicators.enums import FillMode, SubmissionAction
from indicators.models import Collection, Submission
from indicators.rules import CellInput
from scoring.actions.appeals import (
    AppealInput,
    Opinion,
    Review,
    decide_appeal,
    file_appeal,
    opine,
    review_appeal,
    stamp_of,
)
from scoring.actions.grading import RunOrder, start_run
from scoring.actions.panel import give_panel_scores
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
)
from scoring.actions.robustness import ReviewInput, review_case
from scoring.claims import ClaimInput
from scoring.enums import StudyState
from scoring.models import Appeal, GradingRun, PublishedList, SchemeVersion
from scoring.selectors.panel import list_panel_indicators
from scoring.selectors.robustness import newest_study, publication_gate
from tests.factories.people import People
from tests.factories.sheets import add_item, move, submission_of, submit

# Seconds that another process is given to finish a study it has begun.
_PATIENCE = 60
CODES = ("131081", "130102", "130121", "130181")
SOURCE = Path(__file__).resolve().parents[2] / "provinces" / "hebei" / "source-figures.json"

# Every piecewise line at or near its top: 64.90 points, 69.90 with the experts' 5.
STRONG = {
    "i01": CellInput("12000"),
    "i02": CellInput("3"),
    "i03": CellInput("2"),
    "i04": CellInput("97"),
    "i05": CellInput("12"),
    "i06": CellInput("2000"),
    "i07": CellInput("150"),
    "i11": CellInput("80"),
    "i12": CellInput("20"),
    "i13": CellInput("60"),
    "i14": CellInput("80"),
}
# 13 points on top of STRONG: the class above.
PRIZES = (
    "bureau-independent",
    "leading-group",
    "science-award-national",
    "commendation-national",
    "key-laboratory-provincial",
    "technology-innovation-centre-provincial",
    "engineering-research-centre-provincial",
)


def crew(people: People, code: str) -> tuple[User, User]:
    """Who hands a county's sheet in, and who reviews it."""
    return {
        "131081": (people.lead, people.reviewer),
        "130102": (people.changan_lead, people.shijiazhuang_reviewer),
        "130121": (people.jingxing_lead, people.shijiazhuang_reviewer),
        "130181": (people.xinji_lead, people.xinji_reviewer),
    }[code]


def hand_in(
    people: People,
    collection: Collection,
    code: str,
    answers: Mapping[str, CellInput] | None = None,
    prizes: Iterable[str] = (),
) -> Submission:
    """One county fills, lists what it won, hands in and passes the review."""
    lead, reviewer = crew(people, code)
    submission = submission_of(collection, code)
    for kind in prizes:
        add_item(lead, submission, f"{code}{kind}", kind=kind)
    submit(lead, submission, **(answers or {}))
    return move(reviewer, submission, SubmissionAction.APPROVE)


def hand_in_all(people: People, collection: Collection, strong=(), best=()) -> None:
    """Every county; the strong ones reach class B with their experts' points, the best class A."""
    for code in CODES:
        answers = STRONG if code in {*strong, *best} else {}
        hand_in(people, collection, code, answers, PRIZES if code in best else ())


def score(expert: User, collection: Collection, points: str = "5", codes=CODES) -> int:
    """An expert gives these counties the same points."""
    (indicator,) = list_panel_indicators([collection])
    submissions = collection.submissions.filter(region__code__in=codes)
    scores = {row.public_id: Decimal(points) for row in submissions}
    return give_panel_scores(
        actor=expert, collection=collection, indicator=indicator, scores=scores
    )


def start(people: People, collection: Collection, scheme: SchemeVersion, reason="") -> GradingRun:
    """A run written down, its job not yet done."""
    order = RunOrder(collection.public_id, scheme.public_id, reason)
    return start_run(actor=people.manager, order=order)[0]


def grade(people: People, collection: Collection, scheme: SchemeVersion, reason="") -> GradingRun:
    """A run and its job done by a worker."""
    run = start(people, collection, scheme, reason)
    assert run.job is not None
    runner.work(run.job.pk)
    return GradingRun.objects.get(pk=run.pk)


def draft(people: People, run: GradingRun, reason: str = "") -> PublishedList:
    """A list drafted from a run, dated today."""
    data = ListInput(run.public_id, clock.today(), reason)
    return draft_list(actor=people.manager, data=data)


def consented(people: People, run: GradingRun, number: int = 1, reason: str = "") -> PublishedList:
    """The same, its boundary counties looked at, with the leading group's consent to minutes of the number."""
    check_robustness(people.manager, run)
    made = draft(people, run, reason)
    consent = ConsentInput(clock.today(), f"冀科领纪〔2026〕{number}号")
    return record_consent(actor=people.manager, list_id=made.public_id, consent=consent)


def publish(people: People, run: GradingRun, number: int = 1, reason: str = "") -> PublishedList:
    """The same, published by a second person; its files are not made yet."""
    made = consented(people, run, number, reason)
    return publish_list(actor=people.publisher, list_id=made.public_id)


@dataclass(frozen=True, slots=True)
class SourceYear:
    """One year of the source's table as printed."""

    data_year: int
    answers: dict[str, CellInput]
    items: list[tuple[str, str]]
    panel: Decimal


def read_source() -> list[SourceYear]:
    """霸州's three years as the source prints them."""
    return [_source_year(year) for year in json.loads(SOURCE.read_text("utf-8"))["years"]]


def _source_year(year) -> SourceYear:
    mode = FillMode.FORECAST if year["status"] == "forecast" else FillMode.ACTUAL
    answers, items, panel = {}, [], Decimal(0)
    for figure in year["figures"]:
        key = f"i{figure['indicator']}"
        items += [(item["kind"], item["name"]) for item in figure["items"]]
        if figure["panel"]:
            panel = Decimal(figure["panel"][0])
            answers[key] = CellInput(note="见工作总结。")
        elif figure["absence"]:
            answers[key] = CellInput(mode=FillMode.MISSING, note="年度目标未定。")
        else:
            answers[key] = CellInput(figure["value"] or str(len(figure["items"])), mode=mode)
    return SourceYear(year["data_year"], answers, items, panel)


# Appeals: 霸州 appeals against its 高新技术企业数 (04), 12 of which would be enough for more points.
CLAIM = "统计口径有误，漏计高新技术企业。"


def appeal(
    people: People,
    published: PublishedList,
    figure: ClaimInput | None = None,
    code: str = "131081",
    indicator: str = "04",
    files=(),
) -> Appeal:
    """A county's head appeals against one line; by default 霸州 claims another number of enterprises."""
    region = Region.objects.get(code=code, valid_to__isnull=True)
    claimed = ClaimInput("120") if figure is None else figure
    data = AppealInput(published.public_id, region.public_id, indicator, CLAIM, claimed, files)
    return file_appeal(actor=crew(people, code)[0], data=data)


def opined(people: People, row: Appeal, *, is_for: bool = True) -> Appeal:
    """The same with the city's opinion."""
    actor = crew(people, row.region.code)[1]
    opinion = Opinion(is_for, "情况属实。", stamp_of(row))
    return opine(actor=actor, appeal_id=row.public_id, opinion=opinion)


def examined(people: People, row: Appeal, figure: ClaimInput | None = None) -> Appeal:
    """The same reviewed by the province: a correction, by default to what 霸州 claims."""
    claimed = ClaimInput("120") if figure is None else figure
    review = Review(True, "经核对统计年鉴，应予更正。", stamp_of(row), claimed)
    return review_appeal(actor=people.manager, appeal_id=row.public_id, review=review)


def decided(people: People, row: Appeal, *, is_for: bool = True) -> Appeal:
    """The same decided by another person."""
    opinion = Opinion(is_for, "同意复查意见。", stamp_of(row))
    return decide_appeal(actor=people.publisher, appeal_id=row.public_id, decision=opinion)


def upheld(people: People, published: PublishedList, figure: ClaimInput | None = None, **line):
    """An appeal from filing to a correction."""
    row = opined(people, appeal(people, published, figure, **line))
    return decided(people, examined(people, row, figure))


def study(run: GradingRun) -> None:
    """The study that was started with the run's completion, done here or by a worker that was faster."""
    queued = run.robustness_studies.filter(state=StudyState.QUEUED)
    for waiting in queued:
        assert waiting.job is not None
        runner.work(waiting.job.pk)
    for _ in range(_PATIENCE):
        if not queued.all().exists():  # a new query: the loop above filled this one
            return
        sleep(1)


def check_robustness(checker: User, run: GradingRun) -> None:
    """The same, and a word on every boundary county that has none."""
    study(run)
    newest = newest_study(run)
    assert newest is not None
    for row in publication_gate(run).unreviewed:
        review = ReviewInput(
            newest.public_id, row.case.region.public_id, "已核对原始数据，结果无误。"
        )
        review_case(actor=checker, run_id=run.public_id, review=review)
