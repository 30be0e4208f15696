"""Lists of pilots as data that documents are bound to, and the 通知 a list is published by."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse

from applications.enums import PILOT_LIST_DATA, PILOT_LIST_PAPER, ListState
from applications.models import PilotList
from applications.pilot_list import ListedPilot, PilotListDocument
from applications.selectors.deciding import pilot_list_settings
from applications.selectors.notice import list_selected
from county_portal.common import clock
from county_portal.documents.kinds import DataKind, IssuedKind, Source
from county_portal.documents.models import Register


def pilot_list_document(pilots: PilotList, register: Register) -> PilotListDocument:
    """Everything the 通知 of a list on notice says, were it issued today."""
    chosen, today = pilot_list_settings(), clock.today()
    return PilotListDocument(
        round_name=pilots.round.title,
        unit=pilots.round.get_unit_level_display(),
        basis=chosen.basis,
        consented_by=chosen.consented_by,
        consent_on=pilots.consent_on or today,
        notice_from=pilots.notice_from or today,
        notice_until=pilots.notice_until or today,
        years=pilots.round.term_years,
        starts_on=pilots.starts_on,
        ends_on=pilots.ends_on,
        published_on=today,
        pilots=[
            ListedPilot(
                each.application.region.full_name, each.application.reviewing_office.short_name
            )
            for each in list_selected(pilots)
        ],
        sender=register.sender,
        issuer=register.issuer,
        printed_by=register.printed_by,
        addressees=chosen.addressees,
        copied_to=chosen.copied_to,
    )


def source_of_list(pilots: PilotList) -> Source:
    """A list on notice as what a document speaks of."""
    return Source(PILOT_LIST_DATA, str(pilots.public_id), str(pilots), pilots.digest)


def _lists(key: str) -> QuerySet[PilotList]:
    return PilotList.objects.filter(public_id=key)


def _digest(key: str) -> str | None:
    """None before the notice, and once it was withdrawn."""
    found = _lists(key).filter(state__in=[ListState.NOTICE, ListState.PUBLISHED])
    return found.values_list("digest", flat=True).first()


def _lock(key: str) -> None:
    _lists(key).select_for_update().values_list("pk").first()


def _at(page: str, paper: int, argument: str) -> tuple[str, str] | None:
    pilots = PilotList.objects.filter(paper=paper).select_related("round").first()
    if pilots is None:
        return None
    key = pilots.round.public_id if argument == "round" else pilots.public_id
    return str(pilots), reverse(page, args=[key])


def _page_of(paper: int) -> tuple[str, str] | None:
    return _at("applications:pilot_list", paper, "round")


def _public_page_of(paper: int) -> tuple[str, str] | None:
    return _at("applications:public_notice", paper, "list")


def _drafters_of(papers: Collection[int]) -> dict[int, str]:
    rows = PilotList.objects.filter(paper__in=papers).select_related("prepared_by")
    return {row.paper_id: row.prepared_by.display_name for row in rows if row.paper_id}


PILOT_LIST_KIND = DataKind(PILOT_LIST_DATA, "试点名单", _digest, _lock)
PILOT_LIST_NOTICE = IssuedKind(
    PILOT_LIST_PAPER,
    "通知",
    _page_of,
    _public_page_of,
    "它公布的试点正在建设。名单有错的，另发更正通知说明；个别试点不再建设的，在该试点页面办理退出。",
    _drafters_of,
)
