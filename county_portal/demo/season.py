"""One evaluation year played through: collection, review, experts, grading, publication.

Every step is the action the web calls, at the date it would have had; who is late, who is sent back and
who errs follows from a county's place in the register.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from time import monotonic

from county_portal.common import clock
from county_portal.common.province import words
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.acts import Counties, first_count, mistaken
from county_portal.demo.answers import answers_of
from county_portal.demo.boundary import review_boundary
from county_portal.demo.figures import Answer, CountyYear
from county_portal.demo.receipt import have_read
from county_portal.demo.returns import answer_all, unexplained_jump, wrong_unit
from county_portal.demo.statistics import renew_statistics
from county_portal.demo.story import STORY
from county_portal.jobs.models import Job
from indicators.actions.collecting import (
    CollectionInput,
    close_collection,
    create_collection,
    open_collection,
)
from indicators.actions.openings import extend_deadline
from indicators.enums import IndicatorKind
from indicators.models import Collection, Submission, SystemVersion
from scoring.actions.grading import RunOrder, start_run
from scoring.actions.panel import give_panel_scores
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
)
from scoring.enums import StudyState
from scoring.models import GradingRun, PublishedList, SchemeVersion

# Its figure of 2019 was copied wrongly and is put right after publication.
CORRECTED_COUNTY: str = STORY["corrected"]["county"]
CORRECTED_YEAR: int = STORY["corrected"]["year"]
# How far the experts differ from each other; their mean is what counts.
_EXPERTS_DIFFER = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Stage:
    """What a play needs beside the counties: the rules in force, hands for jobs, a voice."""

    counties: Counties
    version: SystemVersion
    scheme_version: SchemeVersion
    finish_job: Callable[[Job], None]
    say: Callable[[str], object]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time spent inside to a named sum."""
        started = monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + monotonic() - started


@dataclass(frozen=True, slots=True)
class Part:
    """One county in a season: its form and what it will answer."""

    place: int
    submission: Submission
    year: CountyYear

    @property
    def is_late(self) -> bool:
        """Whether it misses the county's deadline and is given more time."""
        return self.place % 23 == 5  # noqa: PLR2004 -- a pattern, nothing more

    @property
    def is_returned(self) -> bool:
        """Whether the city finds a figure with a nought too many."""
        return self.place % 9 == 4 and not self.is_corrected  # noqa: PLR2004

    @property
    def is_sent_back(self) -> bool:
        """Whether the province asks for an explanation."""
        return self.place % 31 == 8  # noqa: PLR2004

    @property
    def is_shown(self) -> bool:
        """Whether it is the county shown first, whose figures are the source's."""
        return self.year.code == SHOWN_COUNTY

    @property
    def is_corrected(self) -> bool:
        """Whether its figure is put right after publication."""
        return (self.year.code, self.year.data_year) == (CORRECTED_COUNTY, CORRECTED_YEAR)


class Season:
    """The evaluation of one data year, held in the year after."""

    def __init__(self, stage: Stage, data_year: int) -> None:
        self.stage, self.data_year = stage, data_year
        self.counties = stage.counties
        self.collection: Collection
        self.parts: list[Part] = []

    def play(self) -> PublishedList:
        """From the first day to the published list."""
        self.collect()
        with self.stage.timed("grade"):
            self.score_panel()
            run = self.grade(self.at(8, 10))
        with self.stage.timed("publish"):
            return self.publish(run, number=1, on=date(self.data_year + 1, 9, 20))

    def collect(self) -> None:
        """From the first day to the last form received."""
        with self.stage.timed("fill"):
            self.open()
            renew_statistics()
            self.fill()
            renew_statistics()
        with self.stage.timed("review"):
            self.review()
            self.receive()

    def at(self, month: int, day: int, minutes: int = 0) -> datetime:
        """A moment of the evaluation year."""
        hour, minute = divmod(minutes, 60)
        return datetime(self.data_year + 1, month, day, 9 + hour % 8, minute, tzinfo=clock.BEIJING)

    def open(self) -> None:
        """The province calls for figures; every county of the time gets its form."""
        manager, year = self.counties.cast.manager, self.data_year + 1
        with clock.playing(self.at(3, 1)):
            drawn_up = create_collection(
                actor=manager,
                data=CollectionInput(
                    version=self.stage.version,
                    title=f"{self.data_year}年度{words().evaluation}",
                    data_year=self.data_year,
                    evaluation_year=year,
                    opens_on=date(year, 3, 1),
                    county_due_on=date(year, 4, 30),
                    city_due_on=date(year, 6, 30),
                    notes=f"填报{self.data_year}年度数据；比率类指标请填写分子、分母，清单类指标请逐项列明。",
                ),
            )
            self.collection = open_collection(actor=manager, collection_id=drawn_up.public_id)
        submissions = self.collection.submissions.select_related(
            "region__successor", "office", "reviewing_office"
        ).order_by("region__code")
        self.parts = [
            Part(place, submission, answers_of(submission.region, self.data_year))
            for place, submission in enumerate(submissions)
        ]
        self.stage.say(f"{self.data_year}年度：采集任务已开放，{len(self.parts)}个县（市、区）")

    def fill(self) -> None:
        """Every county fills and hands in, a few after an extension."""
        for part in self.parts:
            if not part.is_late:
                self._fill_in(
                    part, self.at(3 + part.place % 2, 5 + part.place % 24, part.place * 7)
                )
        late = [part for part in self.parts if part.is_late]
        for part in late:
            with clock.playing(self.at(5, 4)):
                extend_deadline(
                    actor=self.counties.cast.manager,
                    submission_id=part.submission.public_id,
                    until=date(self.data_year + 1, 5, 15),
                    reason="统计数据核定较晚，经县政府来函申请延期。",
                )
            self._fill_in(part, self.at(5, 11, part.place * 7))
        self.stage.say(
            f"{self.data_year}年度：{len(self.parts)}县填报并提交，其中{len(late)}县延期"
        )

    def _fill_in(self, part: Part, moment: datetime) -> None:
        with clock.playing(moment):
            self.counties.fill(part.submission, self._answers(part))
            self.counties.hand_in(part.submission)

    @staticmethod
    def _answers(part: Part) -> list[Answer]:
        """What a county hands in first: right, but for those who err."""
        if part.is_returned:
            wrong = mistaken(part.year)
        elif part.is_corrected:
            right = first_count(part.year)
            wrong = replace(right, text=right.text[:-1])
        else:
            return list(part.year.answers)
        return [
            wrong if answer.indicator == wrong.indicator else answer for answer in part.year.answers
        ]

    def review(self) -> None:
        """The cities pass or return; what is returned comes back corrected."""
        returned = [part for part in self.parts if part.is_returned]
        for part in self.parts:
            with clock.playing(self.at(5, 16 + part.place % 8, part.place * 5)):
                if part.is_returned:
                    self._return(part)
                else:
                    self.counties.approve(part.submission)
        for part in returned:
            self.correct_figures(part, [first_count(part.year)], self.at(6, 2, part.place * 5))
            with clock.playing(self.at(6, 8, part.place * 5)):
                self.counties.approve(part.submission)
        self.stage.say(f"{self.data_year}年度：市级审核完成，退回{len(returned)}县并重新提交")

    def _return(self, part: Part) -> None:
        code = first_count(part.year).indicator
        name = self.counties.catalogue.specs[code].name
        comment = f"“{name}”与统计年报相差10倍，请核对单位后重新填报。"
        self.counties.give_back(part.submission, comment, wrong_unit(code))

    def correct_figures(self, part: Part, answers: Sequence[Answer], moment: datetime) -> None:
        """The county types lines again, its items staying, and hands in."""
        with clock.playing(moment):
            self.counties.fill(part.submission, [replace(answer, items=()) for answer in answers])
            answer_all(self.counties.cast, part.submission)
            self.counties.hand_in(part.submission)

    def receive(self) -> None:
        """The province takes the forms in; a few must be explained first."""
        sent_back = [part for part in self.parts if part.is_sent_back]
        for part in sent_back:
            self._explain(part)
        self.report()
        with clock.playing(self.at(7, 5)):
            for part in self.parts:
                self.counties.receive(part.submission)
        with clock.playing(self.at(7, 6)):
            self._close()
        self.stage.say(
            f"{self.data_year}年度：省级接收{len(self.parts)}县，退回补充说明{len(sent_back)}县"
        )

    def report(self) -> None:
        """The cities report by letter: in the last season alone, the first years went on paper."""

    def _explain(self, part: Part) -> None:
        answer = first_count(part.year)
        name = self.counties.catalogue.specs[answer.indicator].name
        with clock.playing(self.at(6, 15, part.place)):
            comment = f"“{name}”较上年变化较大，请在说明中写明原因。"
            self.counties.send_back(part.submission, comment, unexplained_jump(answer.indicator))
        explained = replace(answer, note="已与县统计局核对，变化系统计口径范围内的正常增减。")
        self.correct_figures(part, [explained], self.at(6, 20, part.place))
        with clock.playing(self.at(6, 24, part.place)):
            self.counties.approve(part.submission)

    def _close(self) -> None:
        self.collection = close_collection(
            actor=self.counties.cast.manager, collection_id=self.collection.public_id
        )

    def score_panel(self) -> None:
        """Three experts score what is described in words."""
        indicators = self.collection.version.indicators.filter(kind=IndicatorKind.QUALITATIVE)
        with clock.playing(self.at(7, 20)):
            for indicator in indicators:
                means = {
                    part.submission.public_id: Decimal(part.year.answer(indicator.code).panel_score)
                    for part in self.parts
                }
                for place, expert in enumerate(self.counties.cast.experts):
                    give_panel_scores(
                        actor=expert,
                        collection=self.collection,
                        indicator=indicator,
                        scores={key: _opinion(mean, place) for key, mean in means.items()},
                    )
        self.stage.say(f"{self.data_year}年度：{len(self.counties.cast.experts)}名专家评分完成")

    def grade(self, moment: datetime) -> GradingRun:
        """Start a run and wait for the hands that do it."""
        with clock.playing(moment):
            order = RunOrder(self.collection.public_id, self.stage.scheme_version.public_id)
            run, _ = start_run(actor=self.counties.cast.manager, order=order)
            if run.job is not None:
                self.stage.finish_job(run.job)
        run.refresh_from_db()
        self.stage.say(f"{self.data_year}年度：第{run.number}次评价完成，运行摘要{run.digest[:12]}")
        return run

    def publish(
        self, run: GradingRun, *, number: int, on: date, correction_reason: str = ""
    ) -> PublishedList:
        """Draft, consent, and publication by a second person."""
        year, cast = self.data_year + 1, self.counties.cast
        data = ListInput(run.public_id, on, correction_reason)
        with clock.playing(_morning(on, days_before=14)):
            published = draft_list(actor=cast.manager, data=data)
            self.check_robustness(run)
        with clock.playing(_morning(on, days_before=5)):
            consent = ConsentInput(
                clock.today(), STORY["list_consent_number"].format(year=year, number=number + 1)
            )
            record_consent(actor=cast.manager, list_id=published.public_id, consent=consent)
        with clock.playing(_morning(on)):
            published = publish_list(actor=cast.publisher, list_id=published.public_id)
            if published.paper is not None:
                have_read(published.paper)
        kind = "更正名单" if correction_reason else "名单"
        self.stage.say(f"{self.data_year}年度：{kind}已公布（{published.document_number}）")
        return published

    def check_robustness(self, run: GradingRun) -> None:
        """Wait for the study that began with the run's completion; a word on every boundary county."""
        for study in run.robustness_studies.filter(state=StudyState.QUEUED).select_related("job"):
            if study.job is not None:
                self.stage.finish_job(study.job)
        reviewed = review_boundary(self.counties.cast, run)
        self.stage.say(f"{self.data_year}年度：稳健性分析完成，复核临界县{reviewed}个")


def _morning(day: date, days_before: int = 0) -> datetime:
    day = date.fromordinal(day.toordinal() - days_before)
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.BEIJING)


def _opinion(mean: Decimal, place: int) -> Decimal:
    """One expert's score: the first gives the mean, the others as much above as below it."""
    room = min(_EXPERTS_DIFFER, mean, Decimal(5) - mean)
    return mean + room * (0, 1, -1)[place]
