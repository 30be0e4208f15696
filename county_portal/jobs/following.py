"""A job as pages follow it. No request."""

from dataclasses import dataclass

from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job

JOB_TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
}
# For whoever reads without JavaScript.
REFRESH_SECONDS = 5


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as `components/job_progress.html` takes it."""

    key: str
    title: str
    state_label: str
    tone: str
    done: int
    expected: int
    failed: int
    running: bool
    poll_url: str
    page_url: str
    error: str


def job_view(job: Job | None, poll_url: str, page_url: str) -> JobView | None:
    """The job with the addresses it is followed at; counts its units."""
    if job is None:
        return None
    progress = job.progress
    return JobView(
        key=str(job.public_id),
        title=job.title,
        state_label=job.get_state_display(),
        tone=JOB_TONES[JobState(job.state)],
        done=progress.done,
        expected=progress.expected,
        failed=progress.failed,
        running=job.is_unfinished,
        poll_url=poll_url,
        page_url=page_url,
        error=job.error,
    )
