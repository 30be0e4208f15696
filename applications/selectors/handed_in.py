"""Acceptances as they were handed in: what others than the county read, what is decided, what goes into a pack.

Each handing in keeps all of it, figures, targets and tasks as they were that day. Noting tasks is not refused
meanwhile: a pilot goes on until its term ends, and its yearly report asks for them. What somebody decided on stays
what it was.
"""

from dataclasses import dataclass
from datetime import datetime

from applications.enums import AcceptanceAction
from applications.models import Acceptance
from applications.rules.acceptance import Summary, parse_summary
from applications.selectors.acceptances import EDITABLE, read_summary
from county_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The wording last handed in; `number` counts the county's handings in of this acceptance (第几版)."""

    number: int
    at: datetime
    summary: Summary
    # Given back or recalled since, and perhaps half rewritten by now.
    is_reopened: bool


def last_handed_in(acceptance: Acceptance) -> HandedIn | None:
    """What was handed in last; None where it never was, or was reopened and nothing of it was kept."""
    steps = list(acceptance.steps.filter(action=AcceptanceAction.SUBMIT).order_by("at", "pk"))
    is_reopened = acceptance.state in EDITABLE
    if steps and steps[-1].content:
        summary = parse_summary(steps[-1].content)
        return HandedIn(len(steps), steps[-1].at, summary, is_reopened)
    if is_reopened:
        return None
    # Handed in before the text was kept: locked since, but for the tasks, whose notes have their days.
    at = acceptance.submitted_at or acceptance.state_since
    return HandedIn(max(len(steps), 1), at, read_summary(acceptance, at), is_reopened)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader is shown of an acceptance; `handed_in` is None where that is the county's work in hand."""

    summary: Summary
    handed_in: HandedIn | None


def read_shown(user: User, acceptance: Acceptance) -> Shown:
    """To the county its work, to others what was handed in; of a first draft there is nothing but the work."""
    is_work = acceptance.state in EDITABLE and acceptance.pilot.office_id == user.office_id
    handed_in = None if is_work else last_handed_in(acceptance)
    return Shown(handed_in.summary if handed_in else read_summary(acceptance), handed_in)
