"""Celery entry points of opendata."""

from celery import shared_task

from opendata.actions.pushing import trim_pushes as trim


@shared_task(name="opendata.trim_pushes")
def trim_pushes() -> None:
    """Every night; a night missed is caught up with the next."""
    trim()
