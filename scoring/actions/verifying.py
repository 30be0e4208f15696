"""Verifying runs: graded again from what they froze, every night; a run that does not hold is told of at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.notices.actions import Message, notify
from scoring.archive import problems_of
from scoring.models import GradingRun
from scoring.selectors.runs import list_complete


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a run gave; no problems mean that it stands to the bit."""

    run: GradingRun
    problems: tuple[str, ...]


def verify_all(public_id: str | None = None) -> Iterator[Verdict]:
    """Verify every complete run or one of them, one at a time so that memory holds one; oldest first."""
    runs = list_complete() if public_id is None else list_complete().filter(public_id=public_id)
    for run in runs.iterator(chunk_size=1):
        yield Verdict(run, tuple(problems_of(run)))


def verify_nightly() -> int:
    """Verify all, write down the outcome, tell the grading office of what does not hold; returns how many do not."""
    verdicts = [(verdict.run, verdict.problems) for verdict in verify_all()]
    broken = [(run, problems) for run, problems in verdicts if problems]
    with transaction.atomic():
        for run, problems in broken:
            record(None, Entry("run_broken", "run", str(run.public_id), {"problems": [*problems]}))
            notify(_graders(), _message(run, problems))
        record(
            None, Entry("verify_runs", "runs", "", {"runs": len(verdicts), "broken": len(broken)})
        )
    return len(broken)


def _graders() -> list[User]:
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.GRADE in held]
    return list(User.objects.filter(role__in=roles, is_active=True))


def _message(run: GradingRun, problems: tuple[str, ...]) -> Message:
    """Told once a day: whoever reads it late must not read it thirty times."""
    return Message(
        key=f"run_broken:{run.public_id}:{clock.today():%Y%m%d}",
        kind="run_broken",
        title=f"{run}夜间核验不符，请停止使用",
        body=f"{'；'.join(problems)}。请停止使用本次结果，并报告系统管理员核查数据库。",
        path=reverse("scoring:run", args=[run.public_id]),
    )
