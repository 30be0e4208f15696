"""Warnings of a county of one's own and of a stranger's, and the counties themselves."""

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.common import clock
from indicators.models import MonthlyCall, SystemVersion
from monitoring.models import Warning  # noqa: A004 -- the word of the field
from tests.architecture.graded_samples import graded_for
from tests.architecture.samples import Sample, provides

PROVIDED = {"warning", "warned_county"}


def _call(user: User) -> MonthlyCall:
    graded = graded_for(user)
    version = SystemVersion.objects.get(pk=graded.published.collection.version_id)
    found, _ = MonthlyCall.objects.get_or_create(
        version=version,
        year=clock.today().year,
        defaults={"opened_by": user, "opened_at": clock.now()},
    )
    return found


def _warning(user: User, region: Region) -> Warning:
    found, _ = Warning.objects.get_or_create(
        call=_call(user),
        region=region,
        indicator=None,
        kind="missing",
        defaults={
            "office": region.offices.get(kind=OfficeKind.BUREAU, level=Level.COUNTY),
            "reviewing_office": region.reviewing_office,
            "severity": "1-notice",
            "stage_since": clock.now(),
            "month": 1,
            "cause": "1月月报缺报。",
            "raised_at": clock.now(),
        },
    )
    return found


@provides("warning")
def a_warning(user: User) -> Sample:
    """Nothing is foreign to the province."""
    graded = graded_for(user)
    foreign = None if user.level == Level.PROVINCE else _warning(user, graded.strange).public_id
    return Sample(own=_warning(user, graded.own).public_id, foreign=foreign)


@provides("warned_county")
def a_warned_county(user: User) -> Sample:
    """A county whose months are called for."""
    graded = graded_for(user)
    _call(user)
    foreign = None if user.level == Level.PROVINCE else graded.strange.public_id
    return Sample(own=graded.own.public_id, foreign=foreign)
