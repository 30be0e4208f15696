"""What the jobs ledger and the calendar have done here; kinds of jobs are registered on import."""

from reports.tasks import calendar, cards, progress

__all__ = ["calendar", "cards", "progress"]
