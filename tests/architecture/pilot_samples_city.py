"""What passes between county and city for the access matrix: remarks, and what a return asks."""

from datetime import timedelta

from applications.enums import ApplicationAction, ApplicationState, Section
from applications.models import Application, ApplicationStep, Guidance, Request
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from tests.accounts.people import make_user
from tests.architecture.samples import PROVIDERS, Sample, provides

PROVIDED = {"guidance", "request"}


def _applications(user: User) -> list[Application | None]:
    sample = PROVIDERS["application"](user)
    found = {
        each.public_id: each
        for each in Application.objects.filter(public_id__in=[sample.own, sample.foreign])
    }
    return [found.get(sample.own), found.get(sample.foreign)]


def _remark(application: Application | None) -> Guidance | None:
    if application is None:
        return None
    return Guidance.objects.create(
        application=application,
        section=Section.TABLE,
        text="请核对。",
        author=make_user(Role.CITY_REVIEWER),
        written_at=clock.now(),
    )


def _asked(application: Application | None) -> Request | None:
    if application is None:
        return None
    now = clock.now()
    Application.objects.filter(pk=application.pk).update(
        state=ApplicationState.RETURNED,
        submitted_at=now,
        content_digest="0" * 64,
        correction_due_on=clock.today() + timedelta(days=5),
    )
    step = ApplicationStep.objects.create(
        application=application,
        action=ApplicationAction.RETURN,
        from_state=ApplicationState.CITY_REVIEW,
        to_state=ApplicationState.RETURNED,
        label="退回",
        actor=make_user(Role.CITY_REVIEWER),
        comment="请改正。",
        revision=0,
        at=now,
    )
    return Request.objects.create(step=step, section=Section.TABLE, wanted="请核对。")


@provides("guidance")
def a_remark(user: User) -> Sample:
    """On an application of one's own, and on one of another's."""
    own, foreign = map(_remark, _applications(user))
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


@provides("request")
def a_request(user: User) -> Sample:
    """Of a return of one's own application, and of another's."""
    own, foreign = map(_asked, _applications(user))
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)
