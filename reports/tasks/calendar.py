"""The Celery entry point of the calendar."""

from celery import shared_task

from reports.actions.opening import move_paused, open_reports
from reports.actions.reminding import send_reminders


@shared_task(name="reports.progress_calendar")
def progress_calendar() -> None:
    """Open what the new year brings, then tell what the timetable asks for; run again it does neither twice."""
    open_reports()
    move_paused()
    send_reminders()
