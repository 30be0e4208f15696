"""The collection a visitor finds in full swing: forms in every state, dates around today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from county_portal.common import clock
from county_portal.common.province import words
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.acts import first_count, mistaken
from county_portal.demo.answers import answers_of
from county_portal.demo.early_warning import reporting
from county_portal.demo.figures import Answer
from county_portal.demo.labour import divide
from county_portal.demo.monthly import play_monthly
from county_portal.demo.papers import call_for_figures
from county_portal.demo.returns import answer_all, unlike_the_yearbook, wrong_unit
from county_portal.demo.season import Part, Stage
from indicators.actions.collecting import CollectionInput, create_collection, open_collection
from indicators.actions.evidence import EvidenceInput, add_evidence
from indicators.models import Collection

OPENED_DAYS_AGO = 20
COUNTY_DAYS_LEFT = 10
CITY_DAYS_LEFT = 30
_COMMENT = "“{name}”与统计年报不一致，请核对口径和单位，并补充佐证材料后重新提交。"
_PAGE = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@dataclass(frozen=True, slots=True)
class CurrentCollection:
    """How this year's call for figures came to stand as it does."""

    stage: Stage

    def play(self) -> Collection:
        """Open it and bring each county's form into its state."""
        with self.stage.timed("current"):
            collection = self._open()
            with clock.playing(_days_ago(OPENED_DAYS_AGO - 1)):
                call_for_figures(self.stage.counties.cast, collection)
            parts = _parts(collection)
            for part in parts:
                self._bring(part)
            self._report_months(parts)
        self.stage.say(f"{collection.data_year}年度：采集进行中，各环节均有填报表")
        return collection

    def _open(self) -> Collection:
        today = clock.today()
        opens_on = today - timedelta(days=OPENED_DAYS_AGO)
        manager = self.stage.counties.cast.manager
        with clock.playing(_days_ago(OPENED_DAYS_AGO)):
            drawn_up = create_collection(
                actor=manager,
                data=CollectionInput(
                    version=self.stage.version,
                    title=f"{today.year - 1}年度{words().evaluation}",
                    data_year=today.year - 1,
                    evaluation_year=today.year,
                    opens_on=opens_on,
                    county_due_on=today + timedelta(days=COUNTY_DAYS_LEFT),
                    city_due_on=today + timedelta(days=CITY_DAYS_LEFT),
                    notes="比率类指标请填写分子、分母，清单类指标请逐项列明并附证明材料。",
                ),
            )
            return open_collection(actor=manager, collection_id=drawn_up.public_id)

    def _bring(self, part: Part) -> None:
        if part.submission.region.code == SHOWN_COUNTY:
            self._begin_with_files(part)
            return
        how = _WAYS[part.place % len(_WAYS)]
        how(self, part)

    def _report_months(self, parts: Sequence[Part]) -> None:
        """The county shown first, its city, and another office's counties."""
        counties = reporting([part.submission for part in parts])
        play_monthly(self.stage.counties.cast, self.stage.version, counties)

    def leave_blank(self, part: Part) -> None:
        """Nothing typed yet."""

    def begin(self, part: Part) -> None:
        """Half the lines, so that the form shows what is missing."""
        answers = part.year.answers
        self._fill(part, answers[: len(answers) // 2 + part.place % 3], days_ago=6)

    def finish(self, part: Part) -> None:
        """All lines, not handed in."""
        self._fill(part, part.year.answers, days_ago=4)

    def hand_in(self, part: Part) -> None:
        """Waiting for the city."""
        self._fill(part, part.year.answers, days_ago=9)
        self._hand_in(part)

    def be_returned(self, part: Part) -> None:
        """Returned by the city with its words."""
        wrong = mistaken(part.year)
        answers = [
            wrong if each.indicator == wrong.indicator else each for each in part.year.answers
        ]
        self._fill(part, answers, days_ago=9)
        self._hand_in(part)
        name = self.stage.counties.catalogue.specs[wrong.indicator].name
        with clock.playing(_days_ago(3)):
            self.stage.counties.give_back(
                part.submission, _COMMENT.format(name=name), wrong_unit(wrong.indicator)
            )

    def come_back(self, part: Part) -> None:
        """Returned by the city, put right, answered and handed in again; accepted by the city."""
        self.be_returned(part)
        counties = self.stage.counties
        right = first_count(part.year)
        with clock.playing(_days_ago(2)):
            counties.fill(part.submission, [replace(right, items=())])
            answer_all(counties.cast, part.submission)
            counties.hand_in(part.submission)
        with clock.playing(_days_ago(1)):
            counties.accept(part.submission)

    def be_accepted(self, part: Part) -> None:
        """Before the city, which has begun."""
        self.hand_in(part)
        with clock.playing(_days_ago(3)):
            self.stage.counties.accept(part.submission)

    def pass_city(self, part: Part) -> None:
        """Waiting for the province."""
        self.hand_in(part)
        with clock.playing(_days_ago(4)):
            self.stage.counties.approve(part.submission)

    def be_sent_back(self, part: Part) -> None:
        """Sent back by the province with its words."""
        self.pass_city(part)
        code = first_count(part.year).indicator
        name = self.stage.counties.catalogue.specs[code].name
        with clock.playing(_days_ago(2)):
            words = _COMMENT.format(name=name)
            self.stage.counties.send_back(part.submission, words, unlike_the_yearbook(code))

    def arrive(self, part: Part) -> None:
        """Received by the province."""
        self.pass_city(part)
        with clock.playing(_days_ago(1)):
            self.stage.counties.receive(part.submission)

    def _begin_with_files(self, part: Part) -> None:
        """The county shown first: half filled, its listed items with their papers."""
        answers = part.year.answers
        half = [replace(answer, items=()) for answer in answers[: len(answers) // 2]]
        self._fill(part, half, days_ago=5)
        divide(self.stage.counties.cast, part.submission, days_ago=5)
        counties = self.stage.counties
        for answer in answers[: len(answers) // 2]:
            for item in answer.items[:2]:
                file = SimpleUploadedFile(f"{item.name}批复.pdf", _paper(item.name))
                kind = counties.catalogue.kinds[answer.indicator, item.kind]
                evidence = EvidenceInput(
                    kind, item.name, item.year, item.approval_number, upload=file
                )
                with clock.playing(_days_ago(4)):
                    add_evidence(
                        actor=counties.cast.filler(part.submission),
                        submission_id=part.submission.public_id,
                        evidence=evidence,
                    )

    def _fill(self, part: Part, answers: Sequence[Answer], *, days_ago: int) -> None:
        with clock.playing(_days_ago(days_ago + part.place % 4)):
            self.stage.counties.fill(part.submission, answers)

    def _hand_in(self, part: Part) -> None:
        with clock.playing(_days_ago(7)):
            self.stage.counties.hand_in(part.submission)


_Way = Callable[[CurrentCollection, Part], None]
# In turn by place in the register: ten ways, so that every city of ten counties has some of each.
_WAYS: tuple[_Way, ...] = (
    CurrentCollection.begin,
    CurrentCollection.hand_in,
    CurrentCollection.leave_blank,
    CurrentCollection.be_returned,
    CurrentCollection.come_back,
    CurrentCollection.pass_city,
    CurrentCollection.arrive,
    CurrentCollection.finish,
    CurrentCollection.be_accepted,
    CurrentCollection.be_sent_back,
)


def _parts(collection: Collection) -> list[Part]:
    submissions = collection.submissions.select_related("region", "office").order_by("region__code")
    return [
        Part(place, submission, answers_of(submission.region, collection.data_year))
        for place, submission in enumerate(submissions)
    ]


def _paper(name: str) -> bytes:
    """A small page of its own for each item."""
    return f"{_PAGE}% {name}\n".encode()


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
