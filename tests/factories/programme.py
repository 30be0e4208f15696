"""Pilots as everybody reads of them: on a published list, with figures published or not."""

from datetime import date
from decimal import Decimal

from applications.actions.beginning import begin_pilot
from applications.actions.reached import ReachedInput, publish_reached, record_reached
from applications.enums import PILOT_LIST_PAPER, ApplicationState, ListState
from applications.models import Pilot, PilotList, PilotRound
from county_portal.accounts.models import Office, User
from county_portal.common import clock
from county_portal.documents.actions.issuing import keep_paper
from county_portal.documents.enums import Layout
from county_portal.documents.models import Paper
from tests.factories.pilots import apply_to


def publish_pilots(
    manager: User,
    publisher: User,
    call: PilotRound,
    *bureaus: Office,
    starts_on: date | None = None,
) -> list[Pilot]:
    """Whole applications of these bureaus made pilots by a published list, for three years."""
    begins = starts_on or date(call.year, 1, 1)
    ends = date(begins.year + 3, begins.month, begins.day)
    paper = keep_paper(
        actor=publisher,
        paper=Paper(
            kind=PILOT_LIST_PAPER,
            layout=Layout.GENERAL,
            title=f"关于公布{call.title}名单的通知",
            issuer="河北省科学技术厅",
            office=publisher.office,
            number=f"冀科函〔{call.year}〕{call.pk}号",
            issued_on=clock.today(),
            content="{}",
        ),
        sources=[],
    )
    PilotList.objects.create(
        round=call,
        state=ListState.PUBLISHED,
        digest="0" * 64,
        notice_from=clock.today(),
        notice_until=clock.today(),
        consent_on=clock.today(),
        starts_on=begins,
        ends_on=ends,
        prepared_by=manager,
        prepared_at=clock.now(),
        published_by=publisher,
        published_at=clock.now(),
        paper=paper,
    )
    return [
        begin_pilot(
            actor=publisher,
            application=apply_to(call, bureau, ApplicationState.REVIEWED),
            starts_on=begins,
            ends_on=ends,
        )
        for bureau in bureaus
    ]


def reach(pilot: Pilot, year: int, number: str, *, is_published: bool) -> None:
    """Every quantitative target's figure of a year, as the province received it."""
    figures = [
        ReachedInput(target, None if target.is_qualitative else Decimal(number), "工作情况。")
        for target in pilot.targets.all()
    ]
    record_reached(pilot=pilot, year=year, figures=figures)
    if is_published:
        publish_reached(year)
