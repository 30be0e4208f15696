"""What the clock asks for."""

from celery import shared_task

from county_portal.guides.actions import close_practice


@shared_task(name="guides.close_practice")
def close_practice_counties() -> int:
    """Each night: returns how many people were sent home."""
    return close_practice()
