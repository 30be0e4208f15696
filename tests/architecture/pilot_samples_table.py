"""Objects of the county's pages of an application: its parts, its rows, their evidence."""

from collections.abc import Callable
from typing import Any

from applications.enums import Section
from applications.models import (
    Application,
    CountyApproval,
    GovernmentDocument,
    RowEvidence,
    TableRow,
)
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, _application, provides
from tests.factories.pilots import a_scan

PROVIDED = {
    *("section", "table_row", "own_row", "row_evidence"),
    *("application_with_document", "application_approved"),
}


@provides("section")
def a_section(user: User) -> Sample:
    """Known to everybody: it is the application beside it that is foreign."""
    return Sample(own=Section.DOCUMENT, foreign=Section.DOCUMENT)


@provides("table_row")
def a_table_row(user: User) -> Sample:
    """The same in every table."""
    return Sample(own=29, foreign=29)


@provides("own_row")
def an_own_row(user: User) -> Sample:
    """A row that one's own county proposed, and one of another's."""
    return _both(user, lambda row: row.public_id)


@provides("row_evidence")
def a_piece_of_evidence(user: User) -> Sample:
    """A file of such a row."""
    return _both(user, _evidence)


@provides("application_with_document")
def an_application_with_its_document(user: User) -> Sample:
    """An application whose government document is on record."""
    return _with(user, _document)


@provides("application_approved")
def an_application_the_county_government_approved(user: User) -> Sample:
    """An application whose approval is on record."""
    return _with(user, _approval)


def _with(user: User, record: Callable[[Application], object]) -> Sample:
    own, foreign = _application(user), _application(user, foreign=True)
    for application in filter(None, (own, foreign)):
        record(application)
    return Sample(own=own and own.public_id, foreign=foreign and foreign.public_id)


def _document(application: Application) -> object:
    return GovernmentDocument.objects.create(
        application=application,
        title="申报文件",
        document_number="政字〔2026〕8号",
        issued_on=clock.today(),
        file=a_scan(),
        recorded_by=make_user(Role.COUNTY_FILLER),
        recorded_at=clock.now(),
    )


def _approval(application: Application) -> object:
    return CountyApproval.objects.create(
        application=application,
        meeting="县政府常务会议",
        met_on=clock.today(),
        document_number="政纪〔2026〕5号",
        file=a_scan(),
        content_digest="0" * 64,
        recorded_by=make_user(Role.COUNTY_LEAD),
        recorded_at=clock.now(),
    )


def _both(user: User, made: Any) -> Sample:
    own, foreign = _application(user), _application(user, foreign=True)
    return Sample(own=own and made(_row(own)), foreign=foreign and made(_row(foreign)))


def _row(application: Application) -> TableRow:
    return TableRow.objects.create(
        application=application, order=31, own_name="特色产业营业收入", own_unit="亿元"
    )


def _evidence(row: TableRow) -> Any:
    item = RowEvidence.objects.create(
        row=row,
        name="批复",
        file=a_scan(),
        added_by=make_user(Role.COUNTY_FILLER),
        added_at=clock.now(),
    )
    return item.public_id
