"""What the jobs ledger and the calendar have done here; kinds of jobs are registered on import."""

from reports.tasks import calendar, cards, packs, progress

__all__ = ["calendar", "cards", "packs", "progress"]
