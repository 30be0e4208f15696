"""PostgreSQL falls over under traffic: refusals are 503, what was acknowledged is there, and it goes on."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.stack import LiveStack, wait_until
from tests.faults.conftest import Province
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.fault

COUNTIES = ("130402", "130403", "130404")
RECOVERY_SECONDS = 20.0
# How many saves each county must get through after the fall.
AFTERWARDS = 3


@dataclass
class Traffic:
    """One clerk who saves a new figure again and again."""

    visitor: Visitor
    path: str
    number: int = 100
    attempts: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def go_on(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            form = self.visitor.get(self.path)
            self.statuses.append(form.status)
            if form.status == 200:
                self._save(form)
            time.sleep(0.05)

    def _save(self, form: Any) -> None:
        self.number += 1
        figure = str(self.number)
        self.attempts.append(figure)
        answer = self.visitor.post(
            self.path,
            form.token,
            **{
                "revision": form.field("revision"),
                "b-04": form.field("b-04"),
                "v-04": figure,
                "m-04": "actual",
                "t-04": "",
            },
        )
        self.statuses.append(answer.status)
        if answer.status == 302:
            self.acknowledged.append(figure)


def test_an_immediate_restart_costs_503s_and_no_acknowledged_figure(
    stack: LiveStack,
    province: Province,
    visitor: Callable[[str], Visitor],
    rows: Callable[..., list[Any]],
):
    traffic = {
        code: Traffic(
            visitor(f"{code}-fill"), f"/indicators/submissions/{province.current[code]}/fill/"
        )
        for code in COUNTIES
    }
    stop = threading.Event()
    threads = [threading.Thread(target=one.go_on, args=[stop]) for one in traffic.values()]
    for thread in threads:
        thread.start()
    try:
        await_saves(traffic, AFTERWARDS, "the traffic did not begin")
        before = {code: len(one.acknowledged) for code, one in traffic.items()}
        postmaster = stack.pid_of("postgres")
        os.kill(postmaster, signal.SIGQUIT)  # pg_ctl stop -m immediate
        stack.await_restart("postgres", postmaster)
        fallen_at = time.monotonic()
        wait_until(
            lambda: all(
                len(one.acknowledged) >= before[code] + AFTERWARDS for code, one in traffic.items()
            ),
            RECOVERY_SECONDS,
            lambda: f"no recovery: {[Counter(one.statuses) for one in traffic.values()]}",
        )
        recovered_in = time.monotonic() - fallen_at
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)

    statuses = Counter(status for one in traffic.values() for status in one.statuses)
    assert set(statuses) == {200, 302, 503}, f"{statuses}\n{faults_logged(stack)}"
    assert recovered_in < RECOVERY_SECONDS
    for code, one in traffic.items():
        recorded = {
            detail["04"][1]["text"]
            for (detail,) in rows(
                "SELECT detail FROM audit_event WHERE object_id = %s AND act = 'save_values'",
                province.current[code],
            )
        }
        assert set(one.acknowledged) <= recorded <= set(one.attempts)
    assert stack.ready()["state"] == "ok"


def await_saves(traffic: dict[str, Traffic], number: int, complaint: str) -> None:
    """Wait until everybody has saved so often."""
    wait_until(
        lambda: all(len(one.acknowledged) >= number for one in traffic.values()), 20, complaint
    )


def faults_logged(stack: LiveStack) -> str:
    """Ends of the web's tracebacks behind answers of 500, for whoever reads a failure."""
    log = stack.instance.log("portal").with_suffix(".jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines() if "Internal Server Error" in line]
    return "\n".join(str(event.get("exception", ""))[-1500:] for event in events)
