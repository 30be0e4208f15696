"""Kinds of work for tests; the same module is loaded by the real worker of `test_worker_killed.py`.

Each unit done leaves one stored file named after it, in the unit's transaction: a unit done twice leaves two.
"""

import hashlib
import time

from django.db import IntegrityError

from county_portal.accounts.roles import Permission
from county_portal.common.errors import Refused
from county_portal.files.models import StoredFile
from county_portal.jobs.registry import JobKind, Outcome, register

PERMISSION = Permission.GRADE
ABANDONED: list[int] = []


def leave_trace(job, unit):
    StoredFile.objects.create(
        name=f"{job.pk}/{unit.key}", size=1, sha256="0" * 64, content_type="text/plain"
    )


def traces(job):
    names = StoredFile.objects.filter(name__startswith=f"{job.pk}/").values_list("name", flat=True)
    return sorted(name.split("/")[1] for name in names)


def run_quick(job, unit):
    leave_trace(job, unit)
    return {"square": int(unit.key) ** 2}


def run_slow(job, unit):
    leave_trace(job, unit)
    time.sleep(job.params["seconds"])
    return {}


def run_moody(job, unit):
    """Each unit does what its key says."""
    leave_trace(job, unit)
    mood = unit.key.split("-")[0]
    if mood == "refuse":
        raise Refused("no_figures", "霸州市没有已核定的数据，请先完成接收。")
    if mood == "break" or (mood == "flaky" and unit.attempts < 3):
        raise ZeroDivisionError
    if mood == "clash":
        raise IntegrityError("duplicate key")
    return {}


def finish(job):
    if "finish" in job.params:
        raise {"refuse": Refused("late", "名单已公布，不能再改。"), "break": ValueError("x")}[
            job.params["finish"]
        ]
    results = list(job.units.order_by("ordinal").values_list("key", "result"))
    return Outcome(digest=hashlib.sha256(repr(results).encode()).hexdigest())


def abandon(job):
    ABANDONED.append(job.pk)
    if job.params.get("abandon") == "break":
        raise RuntimeError


for name, run_unit in {"quick": run_quick, "slow": run_slow, "moody": run_moody}.items():
    register(JobKind(f"test.{name}", PERMISSION, run_unit, finish, abandon))
