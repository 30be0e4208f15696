"""A sheet to practise with: of the newest collection's system, in a collection nobody else ever meets."""

from datetime import timedelta

from django.db import transaction

from county_portal.accounts.models import Office, Region, User
from county_portal.common import clock
from county_portal.common.errors import Invalid
from indicators.enums import CollectionState
from indicators.models import Collection, Submission

_DAYS = 30


@transaction.atomic
def open_practice_sheet(
    *, actor: User, region: Region, office: Office, reviewers: Office
) -> Submission:
    """Give a practice county an empty sheet of what counties fill now, with days left.

    Raises Invalid while there is no collection to practise for. Not recorded: it changes nothing of the business.
    """
    newest = Collection.objects.exclude(state=CollectionState.DRAFT).first()
    if newest is None:
        raise Invalid(
            "practice_nothing_to_fill",
            "省级还没有开放过采集任务，目前没有可以试填的填报表，请在采集任务开放后再试。",
        )
    today = clock.today()
    collection, _ = Collection.with_practice.update_or_create(
        version=newest.version,
        data_year=newest.data_year,
        is_practice=True,
        defaults={
            "county_due_on": today + timedelta(days=_DAYS),
            "city_due_on": today + timedelta(days=_DAYS * 2),
        },
        create_defaults={
            "title": f"{newest.data_year}年度试填",
            "evaluation_year": newest.evaluation_year,
            "opens_on": today,
            "county_due_on": today + timedelta(days=_DAYS),
            "city_due_on": today + timedelta(days=_DAYS * 2),
            "state": CollectionState.OPEN,
            "opened_at": clock.now(),
            "created_by": actor,
        },
    )
    return Submission.objects.create(
        collection=collection,
        region=region,
        office=office,
        reviewing_office=reviewers,
        state_since=clock.now(),
    )
