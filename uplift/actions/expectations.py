"""A county answers what a plan expects of it: adopts, aims higher, or lower and says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import plain
from indicators.actions.monthly import MonthlyInput, TargetEntry, report_months
from uplift.models import Expectation
from uplift.selectors.expectations import Expected, ExpectedLine, own_expected
from uplift.selectors.plans import get_version


@dataclass(frozen=True, slots=True)
class Answer:
    """What the county means to reach of one indicator; the reason is asked for where it is less than expected."""

    code: str
    number: Decimal | None
    reason: str = ""


@transaction.atomic
def answer_expectations(
    *, actor: User, version_id: UUID, seen: str, answers: Sequence[Answer]
) -> int:
    """Set targets the county has not set itself, and keep its reasons; returns how many lines were answered.

    What the county has set already is never overwritten: of such a line only the reason is kept. Raises Stale
    if anything changed since `seen`, Invalid for less than expected without a reason.
    """
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    version = get_version(actor, version_id)
    region = own_expected(actor, version).outlook.region
    # The lock of the monthly table, taken here first: what is compared below must not move.
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    expected = own_expected(actor, version)
    if seen != expected.fingerprint:
        raise Stale(
            "edited_meanwhile",
            "在您填写期间，本县月度目标或计划已有变化。您的填写没有保存，请刷新页面核对后再填。",
        )
    lines = {line.indicator.code: line for line in expected.lines}
    given = [each for each in answers if each.code in lines and _is_answer(lines[each.code], each)]
    for each in given:
        _refuse_below(lines[each.code], each)
    _set_targets(actor, expected, lines, given)
    _keep(actor, expected, lines, given, version_id)
    return len(given)


def _is_answer(line: ExpectedLine, answer: Answer) -> bool:
    """A number for an open line; a new reason for one that is set."""
    if line.own is None:
        return answer.number is not None
    known = line.answer.reason if line.answer else ""
    return bool(answer.reason.strip()) and answer.reason.strip() != known


def _refuse_below(line: ExpectedLine, answer: Answer) -> None:
    number = answer.number if line.own is None else line.own
    if number is not None and line.is_less(number) and not answer.reason.strip():
        word = "高于" if line.indicator.lower_is_better else "低于"
        raise Invalid(
            "below_without_reason",
            f"“{line.indicator.name}”本县目标{plain(number)}{word}计划目标{plain(line.expected)}，请写明原因。",
            f"r-{answer.code}",
        )


def _set_targets(
    actor: User, expected: Expected, lines: Mapping[str, ExpectedLine], given: Sequence[Answer]
) -> None:
    targets = [
        TargetEntry(each.code, lines[each.code].months.baseline, each.number)
        for each in given
        if lines[each.code].own is None and each.number is not None
    ]
    if targets:
        entered = MonthlyInput(expected.months_seen, (), targets)
        report_months(actor=actor, call_id=expected.call.public_id, entered=entered)


def _keep(
    actor: User,
    expected: Expected,
    lines: Mapping[str, ExpectedLine],
    given: Sequence[Answer],
    version_id: UUID,
) -> None:
    detail = {}
    version = get_version(actor, version_id)
    for each in given:
        line = lines[each.code]
        number = line.own if line.own is not None else each.number
        assert number is not None  # noqa: S101 -- only answers with a number are given
        Expectation.objects.update_or_create(
            version=version,
            region=expected.outlook.region,
            call=expected.call,
            indicator=line.indicator,
            defaults={
                "expected": line.expected,
                "adopted": number,
                "is_below": line.is_less(number),
                "reason": each.reason.strip(),
                "answered_by": actor,
                "answered_at": clock.now(),
            },
        )
        detail[each.code] = [plain(line.expected), plain(number), each.reason.strip()]
    if detail:
        record(
            actor,
            Entry(
                "answer_uplift_expectations",
                "uplift_plan",
                str(version.plan.public_id),
                detail,
                expected.outlook.region.code,
            ),
        )
