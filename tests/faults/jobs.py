"""Following long work from outside, by the JSON the portal gives."""

from typing import Any

from tests.e2e.stack import wait_until
from tests.faults.visitor import Visitor

# The sweeper comes every 5 seconds and looks for what has been quiet for 8.
FINISH_SECONDS = 60.0


def state_of(visitor: Visitor, job: str) -> dict[str, Any]:
    """expected, done, failed, state, digest."""
    return visitor.json(f"/jobs/{job}/state.json")


def await_done(visitor: Visitor, job: str, seconds: float = FINISH_SECONDS) -> dict[str, Any]:
    """Wait for the end, whichever it is, and return the last state."""
    ended = {"done", "failed"}
    wait_until(
        lambda: state_of(visitor, job)["state"] in ended,
        seconds,
        lambda: f"not finished after {seconds:g} s: {state_of(visitor, job)}",
    )
    return state_of(visitor, job)
