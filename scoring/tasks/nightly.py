"""The Celery entry point of the night."""

from celery import shared_task

from scoring.actions.verifying import verify_nightly


@shared_task(name="scoring.verify_runs")
def verify_runs() -> None:
    """Grade every complete run again and compare to the bit."""
    verify_nightly()
