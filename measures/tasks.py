"""Celery entry points of the calendar."""

from celery import shared_task

from measures.actions.reminding import send_reminders


@shared_task(name="measures.send_reminders")
def remind_of_measures() -> None:
    """What is due today; run again it tells nobody twice."""
    send_reminders()
