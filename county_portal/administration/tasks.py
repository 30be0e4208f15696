"""Celery entry points of administration."""

from celery import shared_task

from county_portal.accounts.actions import carry_out_due
from county_portal.administration.actions.newcomers import drop_unshown_slips


@shared_task(name="administration.region_changes")
def region_changes() -> None:
    """What was decided on regions for today; whatever a stopped server missed is caught up with."""
    carry_out_due()


@shared_task(name="administration.unshown_slips")
def unshown_slips() -> None:
    """First passwords that nobody opened in their hour are gone, sealed as they are."""
    drop_unshown_slips()
