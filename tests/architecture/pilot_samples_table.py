"""Objects of the county's pages of an application: the round it is begun in, its parts, its rows."""

from applications.enums import Section
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, provides
from tests.factories.pilots import draw_up_round, open_a_round

PROVIDED = {"pilot_round", "section"}


@provides("pilot_round")
def a_round(user: User) -> Sample:
    """One that is open; one still being drawn up is the province's alone."""
    manager = make_user(Role.PROVINCE_MANAGER)
    own = open_a_round(manager, title=f"{user.login}的批次")
    if user.role == Role.PROVINCE_MANAGER:
        return Sample(own=own.public_id)
    return Sample(own=own.public_id, foreign=draw_up_round(manager, title="未开放").public_id)


@provides("section")
def a_section(user: User) -> Sample:
    """Known to everybody: it is the application beside it that is foreign."""
    return Sample(own=Section.DOCUMENT, foreign=Section.DOCUMENT)
