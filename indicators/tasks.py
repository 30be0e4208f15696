"""Celery entry points of the calendar."""

from celery import shared_task

from indicators.actions.reminding import send_reminders as tell_all


@shared_task(name="indicators.send_reminders")
def send_reminders() -> None:
    """What the timetables ask for today; run again it tells nobody twice."""
    tell_all()
