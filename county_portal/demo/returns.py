"""Returns and their answers: what the reviewing office asks of a line, and what the county says to it."""

from county_portal.demo.cast import Cast
from indicators.actions.returns import Wanted, answer_item
from indicators.enums import ReturnReason
from indicators.models import ReturnPacket, Submission
from indicators.selectors.returns import read_checklist

CORRECTED = "已与县统计局核对，按统计年报改正。"


def wrong_unit(code: str) -> list[Wanted]:
    """A figure ten times too large."""
    return [Wanted(code, ReturnReason.UNIT, "与统计年报相差10倍。", "统计年报相应页复印件")]


def unlike_the_yearbook(code: str) -> list[Wanted]:
    """A figure that its source does not bear out."""
    return [Wanted(code, ReturnReason.SOURCE, "请核对口径和单位。", "主管部门出具的数据说明")]


def unexplained_jump(code: str) -> list[Wanted]:
    """A figure whose change nobody explained."""
    return [Wanted(code, ReturnReason.JUMP, "请在说明中写明变动原因。")]


def answer_all(cast: Cast, submission: Submission, words: str = CORRECTED) -> int:
    """The county answers every item of its open return; returns how many."""
    checklist = read_checklist(submission)
    if checklist is None or not checklist.is_open:
        return 0
    for line in checklist.lines:
        answer_item(actor=cast.filler(submission), item_id=line.item.public_id, answer=words)
    return len(checklist.lines)


def count_answered() -> int:
    """Returns that were answered and handed in again."""
    return ReturnPacket.objects.filter(answered_at__isnull=False).count()
