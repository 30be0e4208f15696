"""The county government's approval: recorded, asked for, held against what was changed after it."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.approval import ApprovalInput, record_approval
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import SubmissionAction
from indicators.models import GovernmentApproval
from indicators.rules import CellInput
from indicators.rules.approval import standard_number
from indicators.selectors.approval import read_standing
from tests.factories.people import signed_in
from tests.factories.sheets import (
    add_item,
    explain_warnings,
    fill,
    fill_whole,
    fresh,
    give_back,
    have_approved,
    move,
    submit,
)
from tests.indicators.browsing import code, text, url

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def scan(name="审定.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def entered(**changed):
    values = {"approved_on": clock.today(), "document_number": "霸政字[2026]12号", "scan": scan()}
    return ApprovalInput(**values | changed)


def record(actor, submission, **changed):
    approval = entered(**changed)
    return record_approval(actor=actor, submission_id=submission.public_id, approval=approval)


def hand_in(people, submission, **options):
    move = Move(SubmissionAction.SUBMIT, **options)
    return move_submission(actor=people.lead, submission_id=submission.public_id, move=move)


def refused(submission, people, **options):
    with pytest.raises(Invalid) as refusal:
        hand_in(people, submission, **options)
    return refusal.value.code


# --- recording -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["filler", "lead"])
def test_an_approval_is_recorded(submission, people, who):
    approval = record(getattr(people, who), submission)

    assert (approval.document_number, approval.file.name) == ("霸政字〔2026〕12号", "审定.pdf")
    event = Event.objects.get(act="record_approval")
    assert event.detail["before"] is None
    assert event.detail["after"]["file"] == approval.file.sha256


@pytest.mark.parametrize(
    "typed, number",
    [
        ("霸政字(2026)12号", "霸政字〔2026〕12号"),
        ("霸政字（２０２６） 12 号", "霸政字〔2026〕12号"),
        ("霸政字【2026】12号", "霸政字〔2026〕12号"),
        ("常务会议纪要（扩大）第3号", "常务会议纪要（扩大）第3号"),
        ("", ""),
    ],
)
def test_numbers_are_brought_into_one_form(typed, number):
    assert standard_number(typed) == number


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"approved_on": date(2999, 1, 1)}, "approval_in_future"),
        ({"approved_on": date(2020, 1, 1)}, "approval_before_opening"),
        ({"document_number": " "}, "number_required"),
        ({"document_number": "a\u202eb"}, "text_control_character"),
        ({"scan": None}, "scan_required"),
        ({"scan": scan("审定.pdf", b"hello")}, "file_type_not_accepted"),
        ({"scan": scan("审定.png", PDF)}, "file_ending_belies_content"),
        ({"scan": scan("审定.pdf", b"")}, "file_empty"),
    ],
)
def test_what_is_no_approval_is_refused_and_nothing_kept(submission, people, changed, code):
    with pytest.raises(Invalid) as refusal:
        record(people.filler, submission, **changed)

    assert refusal.value.code == code
    assert not GovernmentApproval.objects.exists()


@pytest.mark.parametrize(
    "who, error",
    [
        ("reviewer", NotAllowed),
        ("manager", NotAllowed),
        ("provider", Http404),
        ("changan_lead", Http404),
    ],
)
def test_only_the_county_records_it(submission, people, who, error):
    with pytest.raises(error):
        record(getattr(people, who), submission)


def test_recording_again_replaces_it_and_keeps_the_scan_unless_a_new_one_comes(submission, people):
    first = record(people.filler, submission)

    second = record(people.lead, submission, document_number="霸政字〔2026〕15号", scan=None)

    assert (second.pk, second.file) == (first.pk, first.file)
    assert second.document_number == "霸政字〔2026〕15号"
    event = Event.objects.filter(act="record_approval").order_by("-serial").first()
    assert event.detail["before"]["number"] == "霸政字〔2026〕12号"


def test_after_submission_it_stays_as_it_is(submission, people):
    submit(people.lead, submission)

    with pytest.raises(Stale):
        record(people.filler, submission)


# --- handing in ----------------------------------------------------------------------------------


def test_nothing_is_handed_in_without_it(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)

    assert refused(submission, people) == "approval_missing"
    assert fresh(submission).state == "draft"

    record(people.filler, submission)
    assert hand_in(people, submission).state == "submitted"


@pytest.mark.parametrize("how", ["figure", "item"])
def test_what_changed_since_must_be_approved_or_acknowledged(submission, people, how):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    record(people.filler, submission)
    if how == "figure":
        fill(people.filler, submission, {"04": CellInput("51"), "05": CellInput("3")})
    else:
        add_item(people.filler, submission, "孵化器")
    explain_warnings(people.filler, submission)

    assert refused(submission, people) == "approval_outdated"
    standing = read_standing(submission)
    assert standing.changed == (("04", "05") if how == "figure" else ("10",))

    hand_in(people, submission, approval_confirmed=True)
    assert "改动已报县政府同意" in submission.steps.get().comment


def test_recording_again_approves_what_changed(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    record(people.filler, submission)
    fill(people.filler, submission, {"04": CellInput("51")})
    explain_warnings(people.filler, submission)

    record(people.filler, submission)

    assert not read_standing(submission).is_outdated
    assert hand_in(people, submission).steps.get().comment == ""


def test_what_was_changed_and_changed_back_is_still_what_was_approved(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    record(people.filler, submission)
    fill(people.filler, submission, {"04": CellInput("51")})
    fill(people.filler, submission, {"04": CellInput("50")})

    assert not read_standing(submission).is_outdated
    assert hand_in(people, submission).state == "submitted"


def test_the_approval_is_part_of_the_content(submission, people, collection):
    """Another scan, number or day is another content, though no figure differs."""
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    record(people.filler, submission)
    digest = hand_in(people, submission).content_digest
    move(people.lead, submission, "recall")

    record(people.filler, submission, scan=None)
    assert hand_in(people, submission).content_digest == digest
    move(people.lead, submission, "recall")
    record(people.filler, submission, document_number="霸政字〔2026〕13号", scan=None)
    assert hand_in(people, submission).content_digest != digest


def test_on_a_return_the_approval_stays(submission, people):
    give_back(people.lead, people.reviewer, submission)

    assert GovernmentApproval.objects.get().submission == submission
    assert hand_in(people, submission).state == "submitted"


# --- pages ---------------------------------------------------------------------------------------


def post(client, submission, **changed):
    data = {
        "approved_on": clock.today().isoformat(),
        "document_number": "霸政字（2026）12号",
        "file": scan(),
    }
    data = {name: each for name, each in (data | changed).items() if each is not None}
    return client.post(url("approval", submission), data)


def test_the_page_records_shows_and_keeps_the_scan(submission, people):
    client = signed_in(people.filler)

    first = post(client, submission)
    again = post(client, submission, document_number="霸政字〔2026〕15号", file=None)
    page = text(client.get(url("approval", submission)))

    assert (first.status_code, again.status_code) == (302, 302)
    assert "霸政字〔2026〕15号" in page
    assert "审定.pdf" in page


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"file": None}, "请上传县政府审定材料的扫描件"),
        ({"approved_on": "2999-01-01"}, "晚于今天"),
        ({"document_number": ""}, "请填写文号"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK")}, "已损坏"),
    ],
)
def test_what_is_missing_is_said(submission, people, changed, sentence):
    response = post(signed_in(people.filler), submission, **changed)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in text(response)
    assert not GovernmentApproval.objects.exists()


def test_a_workbook_is_no_scan(submission, people):
    from tests.files.samples import xlsx

    response = post(
        signed_in(people.filler), submission, file=SimpleUploadedFile("审定.xlsx", xlsx())
    )

    assert "不是PDF、JPG或PNG" in text(response)


def test_the_submit_page_asks_for_it_then_for_the_tick(submission, people):
    lead = signed_in(people.lead)
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)

    before = lead.get(url("submit", submission))
    assert "还没有登记" in text(before)
    assert "确认提交" not in text(before)
    unasked = lead.post(url("submit", submission), {"revision": fresh(submission).revision})
    assert (unasked.status_code, code(unasked)) == (422, "approval_missing")

    have_approved(people.lead, submission)
    fill(people.filler, submission, {"04": CellInput("51")})
    explain_warnings(people.filler, submission)
    page = lead.get(url("submit", submission))
    assert "审定后又改动了1项" in text(page)
    assert 'name="approval_confirmed"' in page.content.decode()

    data = {"revision": fresh(submission).revision}
    refusal = lead.post(url("submit", submission), data)
    assert (refusal.status_code, code(refusal)) == (422, "approval_outdated")
    lead.post(url("submit", submission), data | {"approval_confirmed": "on"})
    assert fresh(submission).state == "submitted"


def test_reviewers_see_the_approval_and_its_scan(submission, people):
    fill_whole(people.filler, submission)
    explain_warnings(people.filler, submission)
    record(people.filler, submission)
    hand_in(people, submission)
    client = signed_in(people.reviewer)

    assert "霸政字〔2026〕12号" in text(client.get(url("review", submission)))
    file = client.get(url("approval_file", submission))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"].startswith("attachment")
    for name in ("approval_file", "approval_inline", "approval_preview"):
        stranger = signed_in(people.shijiazhuang_reviewer).get(url(name, submission))
        assert stranger.status_code == 404
        assert signed_in(people.provider).get(url(name, submission)).status_code == 403


def test_an_overdue_sheet_is_not_approved_any_more(submission, people):
    with clock.playing(clock.now() + timedelta(days=30)):
        response = post(signed_in(people.filler), submission)

    assert (response.status_code, code(response)) == (409, "deadline_passed")
