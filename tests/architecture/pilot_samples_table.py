"""Objects of the county's pages of an application: its parts, its rows, their evidence."""

from typing import Any

from applications.enums import Section
from applications.models import Application, RowEvidence, TableRow
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.common import clock
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, _application, provides
from tests.factories.pilots import a_scan

PROVIDED = {"section", "table_row", "own_row", "row_evidence"}


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
