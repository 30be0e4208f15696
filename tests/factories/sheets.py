"""Collections and submissions, brought to a state by the acts that lead there."""

from collections.abc import Mapping
from datetime import timedelta

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from indicators.actions.approval import ApprovalInput, record_approval
from indicators.actions.checks import explain_owed
from indicators.actions.collecting import CollectionInput, create_collection, open_collection
from indicators.actions.evidence import EvidenceInput, add_evidence
from indicators.actions.filling import save_values
from indicators.actions.returns import Wanted, answer_item
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import (
    GIVING_BACK,
    FillMode,
    ReturnReason,
    SubmissionAction,
    SubmissionState,
)
from indicators.models import (
    Collection,
    EvidenceKind,
    GovernmentApproval,
    Submission,
    SystemVersion,
)
from indicators.rules import CellInput, Finding, read_cell
from indicators.selectors import list_indicators, spec_of, why_not_fillable
from indicators.selectors.returns import read_checklist
from tests.factories.people import make_person

# A county that answers every line: numbers, rates with and without parts, lists, an absence, words.
ANSWERS: dict[str, CellInput] = {
    "01": CellInput("7,351.20"),
    "02": CellInput("", "7351.2", "543000"),
    "03": CellInput("0.32"),
    "04": CellInput("50"),
    "05": CellInput("", "50", "16625"),
    "06": CellInput("341", mode=FillMode.FORECAST),
    "07": CellInput("", "341", "16625"),
    "08": CellInput("0"),
    "09": CellInput("0"),
    "10": CellInput("0"),
    "11": CellInput("", "61", "403"),
    "12": CellInput("", "271", "68.5"),
    "13": CellInput("", "280000", "1200000"),
    "14": CellInput(mode=FillMode.MISSING, note="统计口径调整，年鉴尚未公布。"),
    "15": CellInput("0"),
    "16": CellInput("0"),
    "17": CellInput(note="成立科技创新工作领导小组，县长任组长。"),
}


def draw_up(manager: User, version: SystemVersion, *, years_ago: int = 1) -> Collection:
    """A collection of the data year so many years ago, not yet opened."""
    today = clock.today()
    data_year = today.year - years_ago
    data = CollectionInput(
        version=version,
        title=f"{data_year}年度县域科技创新指标填报",
        data_year=data_year,
        evaluation_year=data_year + 1,
        opens_on=today - timedelta(days=10),
        county_due_on=today + timedelta(days=20),
        city_due_on=today + timedelta(days=40),
    )
    return create_collection(actor=manager, data=data)


def open_for_all(manager: User, version: SystemVersion, *, years_ago: int = 1) -> Collection:
    """The same, opened for every county."""
    made = draw_up(manager, version, years_ago=years_ago)
    return open_collection(actor=manager, collection_id=made.public_id)


def submission_of(collection: Collection, code: str) -> Submission:
    """The submission of the county with this code, as stored now."""
    return collection.submissions.select_related("collection", "region", "office").get(
        region__code=code
    )


def fresh(submission: Submission) -> Submission:
    """The same row as stored now."""
    return Submission.objects.get(pk=submission.pk)


def filler_of(actor: User) -> User:
    """Who types for this person: one who fills does it alone, a head has a filler of the same office."""
    if actor.holds(Permission.FILL):
        return actor
    fillers = User.objects.filter(role=Role.COUNTY_FILLER, office=actor.office).order_by("pk")
    return fillers.first() or make_person(f"{actor.login}.filler", Role.COUNTY_FILLER, actor.office)


def fill(actor: User, submission: Submission, answers: Mapping[str, CellInput]) -> Submission:
    """Save these answers over whatever is stored; a head's filler types them."""
    specs = {row.code: spec_of(row) for row in list_indicators(submission.collection.version)}
    figures = {code: read_cell(specs[code], typed)[0] for code, typed in answers.items()}
    return save_values(
        actor=filler_of(actor),
        submission_id=submission.public_id,
        revision=fresh(submission).revision,
        figures=figures,
    )


def fill_whole(actor: User, submission: Submission, **changed: CellInput) -> Submission:
    """Answer every line; `i04=CellInput("51")` answers one differently."""
    other = {code.removeprefix("i"): typed for code, typed in changed.items()}
    return fill(actor, submission, ANSWERS | other)


def add_item(
    actor: User, submission: Submission, name: str, *, kind: str = "incubator-provincial", **rest
):
    """A named item on the list of the kind's indicator."""
    version = submission.collection.version
    row = EvidenceKind.objects.get(indicator__version=version, code=kind)
    item = EvidenceInput(kind=row, name=name, **rest)
    return add_evidence(actor=filler_of(actor), submission_id=submission.public_id, evidence=item)


def have_approved(
    actor: User, submission: Submission, number: str = "霸政字〔2026〕12号"
) -> GovernmentApproval:
    """The county government approves the sheet as it stands; recorded by the county's head or filler."""
    scan = keep_generated(content=b"%PDF-1.4", name="审定.pdf", content_type="application/pdf")
    approval = ApprovalInput(clock.today(), number, scan)
    return record_approval(actor=actor, submission_id=submission.public_id, approval=approval)


def move(
    actor: User,
    submission: Submission,
    action: SubmissionAction,
    comment: str = "",
    flagged=("04",),
    due_on=None,
) -> Submission:
    """Take one step of the workflow; a reviewer who decides accepts first, a county gives its reasons.

    `flagged` are the lines of a return: codes, or `Wanted` where the reason matters.
    """
    now = fresh(submission)
    may = actor.holds(Permission.SUBMIT) and actor.office_id == now.office_id
    if action == SubmissionAction.SUBMIT and may and why_not_fillable(now) is None:
        explain_warnings(submission)
        have_approved(actor, submission)
    decides = {SubmissionAction.APPROVE, SubmissionAction.RETURN}
    if action in decides and fresh(submission).state == SubmissionState.SUBMITTED:
        move(actor, submission, SubmissionAction.ACCEPT)
    wanted = [
        each if isinstance(each, Wanted) else Wanted(each, ReturnReason.SOURCE) for each in flagged
    ]
    return move_submission(
        actor=actor,
        submission_id=submission.public_id,
        move=Move(action, None, comment, wanted if action in GIVING_BACK else (), due_on),
    )


def explain_warnings(submission: Submission) -> list[Finding]:
    """Have somebody who fills give a reason for every warning that lacks one."""
    stored = fresh(submission)
    if why_not_fillable(stored):
        return []
    lead = User.objects.filter(office=stored.office, is_active=True).order_by("pk")[0]
    return explain_owed(
        actor=filler_of(lead),
        submission_id=submission.public_id,
        answer=lambda finding: "已核对，数值属实。",
    )


def submit(lead: User, submission: Submission, **changed: CellInput) -> Submission:
    """Fill it whole and hand it in."""
    fill_whole(lead, submission, **changed)
    return move(lead, submission, SubmissionAction.SUBMIT)


def take_up(lead: User, reviewer: User, submission: Submission) -> Submission:
    """Hand it in and have the city accept it: it lies with the reviewer."""
    submit(lead, submission)
    return move(reviewer, submission, SubmissionAction.ACCEPT)


def approve(lead: User, reviewer: User, submission: Submission) -> Submission:
    """Hand it in and pass the city's review."""
    submit(lead, submission)
    return move(reviewer, submission, SubmissionAction.APPROVE)


def give_back(
    lead: User, reviewer: User, submission: Submission, comment="请核对。", flagged=("04",)
):
    """Hand it in and have the city return it."""
    submit(lead, submission)
    return move(reviewer, submission, SubmissionAction.RETURN, comment, flagged)


def hand_in_again(lead: User, submission: Submission, answer: str = "已核对。") -> Submission:
    """Answer what is still open of the return, give reasons, and hand in."""
    checklist = read_checklist(submission)
    for line in checklist.unsettled if checklist and checklist.is_open else ():
        answer_item(actor=filler_of(lead), item_id=line.item.public_id, answer=answer)
    return move(lead, submission, SubmissionAction.SUBMIT)
