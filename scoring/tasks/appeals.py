"""The Celery entry point of the days of appeals."""

from celery import shared_task

from scoring.actions.appeal_reminders import remind_of_appeals


@shared_task(name="scoring.remind_of_appeals")
def remind() -> None:
    """Remind whoever has an appeal; run again it tells nobody twice."""
    remind_of_appeals()
