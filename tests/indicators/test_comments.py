"""Remarks on single lines: who writes, who is told, settled and opened again."""

import pytest
from django.http import Http404

from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.actions.comments import reopen_comment, settle_comment, write_comment
from indicators.models import CellComment
from indicators.selectors.comments import comments_by_line, count_open_comments


def write(actor, submission, text="请核对单位。", code="04"):
    return write_comment(actor=actor, submission_id=submission.public_id, code=code, text=text)


@pytest.mark.parametrize("who", ["filler", "lead", "reviewer", "manager"])
def test_county_city_and_province_write_while_it_is_filled(submission, people, who):
    write(getattr(people, who), submission, " 请核对。 ")

    (comment,) = comments_by_line(submission)["04"]
    assert (comment.text, comment.author) == ("请核对。", getattr(people, who))


@pytest.mark.parametrize(
    "who, error",
    [("signer", NotAllowed), ("shijiazhuang_reviewer", Http404), ("changan_lead", Http404)],
)
def test_nobody_else_writes(submission, people, who, error):
    with pytest.raises(error):
        write(getattr(people, who), submission)
    assert not CellComment.objects.exists()


@pytest.mark.parametrize("text", ["", " \n", "\u3000", "字" * 1001, "a\u202eb"])
def test_a_remark_has_words(submission, people, text):
    with pytest.raises(Invalid):
        write(people.reviewer, submission, text)
    assert not CellComment.objects.exists()


def test_a_remark_is_on_a_line_of_the_sheet(submission, people):
    with pytest.raises(Invalid):
        write(people.reviewer, submission, code="99")


def test_the_other_side_is_told(submission, people):
    write(people.reviewer, submission)

    notices = Notice.objects.filter(kind="comment")
    told = set(notices.values_list("recipient__login", flat=True))
    assert {"bazhou.filler", "bazhou.lead"} <= told
    assert "langfang.reviewer" not in told


def test_a_remark_is_settled_once_and_opened_again(submission, people):
    comment = write(people.reviewer, submission)
    settle_comment(actor=people.filler, comment_id=comment.public_id)
    assert count_open_comments(comments_by_line(submission)) == 0

    with pytest.raises(Stale):
        settle_comment(actor=people.reviewer, comment_id=comment.public_id)
    reopen_comment(actor=people.reviewer, comment_id=comment.public_id)
    with pytest.raises(Stale):
        reopen_comment(actor=people.reviewer, comment_id=comment.public_id)

    comment.refresh_from_db()
    assert (comment.resolved_by, comment.resolved_at) == (None, None)
    assert count_open_comments(comments_by_line(submission)) == 1


def test_another_citys_remark_does_not_exist(submission, people):
    comment = write(people.reviewer, submission)

    with pytest.raises(Http404):
        settle_comment(actor=people.shijiazhuang_reviewer, comment_id=comment.public_id)
