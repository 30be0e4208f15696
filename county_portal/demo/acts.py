"""What the people of the demonstration do, each step through the same action as the web."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from county_portal.accounts.models import User
from county_portal.common.errors import Invalid
from county_portal.demo.answers import LAST_YEAR
from county_portal.demo.approvals import approve, shared_scan
from county_portal.demo.cast import Cast
from county_portal.demo.figures import Answer, CountyYear
from county_portal.demo.reasons import give_reasons
from county_portal.files.models import StoredFile
from indicators.actions.evidence import EvidenceInput, add_evidence_list
from indicators.actions.filling import save_values
from indicators.actions.returns import Wanted
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import FillMode, SubmissionAction, SubmissionState
from indicators.models import EvidenceKind, Submission, SystemVersion
from indicators.rules import CellFigure, CellInput, CellSpec, read_cell
from indicators.selectors import list_indicators, spec_of

# One county in so many has not scanned its papers.
PAPERLESS = 13
_CITY = {SubmissionAction.ACCEPT, SubmissionAction.APPROVE, SubmissionAction.RETURN}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lines of a form and the kinds of evidence, read once."""

    specs: Mapping[str, CellSpec]
    kinds: Mapping[tuple[str, str], EvidenceKind]


def read_catalogue(version: SystemVersion) -> Catalogue:
    """The lines of a version of the indicator system."""
    indicators = list(list_indicators(version))
    return Catalogue(
        specs={row.code: spec_of(row) for row in indicators},
        kinds={
            (row.code, kind.code): kind for row in indicators for kind in row.evidence_kinds.all()
        },
    )


@dataclass(frozen=True, slots=True)
class Counties:
    """The counties' side of a collection: who acts, on which form."""

    cast: Cast
    catalogue: Catalogue

    def fill(self, submission: Submission, answers: Sequence[Answer]) -> None:
        """Type figures and list items, reading cells as the form does."""
        actor = self.cast.filler(submission)
        saved = save_values(
            actor=actor,
            submission_id=submission.public_id,
            revision=submission.revision,
            figures={answer.indicator: self._figure(answer) for answer in answers},
        )
        paper = _paper_of(submission)
        items = [
            self._item(answer, place, paper)
            for answer in answers
            for place in range(len(answer.items))
        ]
        add_evidence_list(actor=actor, submission_id=submission.public_id, evidence=items)
        submission.revision = saved.revision + bool(items)

    def _figure(self, answer: Answer) -> CellFigure:
        figure, errors = read_cell(self.catalogue.specs[answer.indicator], _typed(answer))
        if errors:
            raise Invalid(errors[0].code, errors[0].sentence, errors[0].part)
        return figure

    def _item(self, answer: Answer, place: int, paper: StoredFile | None) -> EvidenceInput:
        item = answer.items[place]
        kind = self.catalogue.kinds[answer.indicator, item.kind]
        return EvidenceInput(kind, item.name, item.year, item.approval_number, kept=paper)

    def hand_in(self, submission: Submission) -> None:
        """The county gives the reasons still owed, its government approves, its head submits."""
        give_reasons(self.cast.filler(submission), submission)
        approve(self.cast.filler(submission), submission, shared_scan())
        self._move(submission, Move(SubmissionAction.SUBMIT, submission.revision))

    def approve(self, submission: Submission) -> None:
        """The reviewing office lets it pass, having accepted it first."""
        self.accept(submission)
        self._move(submission, Move(SubmissionAction.APPROVE, submission.revision))

    def give_back(self, submission: Submission, comment: str, wanted: Sequence[Wanted]) -> None:
        """The reviewing office returns it, having accepted it first."""
        self.accept(submission)
        move = Move(SubmissionAction.RETURN, submission.revision, comment, wanted)
        self._move(submission, move)

    def receive(self, submission: Submission) -> None:
        """The province takes it in."""
        self._move(submission, Move(SubmissionAction.RECEIVE, submission.revision))

    def send_back(self, submission: Submission, comment: str, wanted: Sequence[Wanted]) -> None:
        """The province returns it past the city."""
        move = Move(SubmissionAction.SEND_BACK, submission.revision, comment, wanted)
        self._move(submission, move)

    def reopen(self, submission: Submission, comment: str, wanted: Sequence[Wanted]) -> None:
        """The province gives back what it had taken in."""
        move = Move(SubmissionAction.REOPEN, submission.revision, comment, wanted)
        self._move(submission, move)

    def accept(self, submission: Submission) -> None:
        """The reviewing office begins, unless it has."""
        if submission.state == SubmissionState.SUBMITTED:
            self._move(submission, Move(SubmissionAction.ACCEPT, submission.revision))

    def _move(self, submission: Submission, move: Move) -> None:
        actor = self._actor(submission, move.action)
        move_submission(actor=actor, submission_id=submission.public_id, move=move)
        submission.refresh_from_db(fields=["state", "revision"])

    def _actor(self, submission: Submission, action: SubmissionAction) -> User:
        if action == SubmissionAction.SUBMIT:
            return self.cast.lead(submission)
        if action in _CITY:
            return self.cast.reviewer(submission)
        return self.cast.manager


def _paper_of(submission: Submission) -> StoredFile | None:
    """The scan that stands for a county's papers; the years of paper had none, and some still lack them."""
    is_lacking = int(submission.region.code) % PAPERLESS == 0
    if submission.collection.data_year <= LAST_YEAR or is_lacking:
        return None
    return shared_scan("批准文件（扫描件）.pdf")


def _typed(answer: Answer) -> CellInput:
    mode = answer.absence or (FillMode.FORECAST if answer.is_forecast else FillMode.ACTUAL)
    return CellInput(answer.text, answer.numerator, answer.denominator, str(mode), answer.note)


def mistaken(year: CountyYear) -> Answer:
    """The county's first plain count, typed with a nought too many."""
    answer = first_count(year)
    return replace(answer, text=f"{answer.text}0")


def first_count(year: CountyYear) -> Answer:
    """The first line answered by a plain whole number."""
    return next(
        answer
        for answer in year.answers
        if answer.text.isdigit() and answer.text != "0" and not (answer.numerator or answer.items)
    )
