"""Celery entry points of notices."""

from celery import shared_task

from county_portal.notices import digests


@shared_task(name="notices.send_digests")
def send_digests() -> None:
    """The morning's mail; called again later for those it could not be handed to."""
    digests.send_digests()
