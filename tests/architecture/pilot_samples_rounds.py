"""Rounds for the access matrix: an opened one, which offices and everybody may read."""

from uuid import uuid4

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Role
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, provides
from tests.factories.pilots import a_scan, draw_up_round, open_a_round
from tests.factories.programme import publish_pilots

PROVIDED = {
    "round",
    "announced_round",
    "drawn_round",
    "based_round",
    "reviewing_office",
    "published_pilot",
}


@provides("round")
def a_round(user: User) -> Sample:
    """An opened round is nobody's own."""
    return Sample(own=open_a_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex).public_id)


@provides("announced_round")
def an_announced_round(user: User) -> Sample:
    """Everybody's."""
    return a_round(user)


@provides("drawn_round")
def a_drawn_round(user: User) -> Sample:
    """A round that only the province knows of."""
    return Sample(own=draw_up_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex).public_id)


@provides("based_round")
def a_round_with_its_basis(user: User) -> Sample:
    """An opened round whose basis document is kept in full."""
    call = open_a_round(make_user(Role.PROVINCE_MANAGER), title=uuid4().hex, basis_file=a_scan())
    return Sample(own=call.public_id)


@provides("reviewing_office")
def a_reviewing_office(user: User) -> Sample:
    """An office that reviews a county."""
    office = make_office(Level.CITY)
    make_region(Level.COUNTY, reviewing_office=office)
    return Sample(own=office.public_id)


@provides("published_pilot")
def a_published_pilot(user: User) -> Sample:
    """Everybody's."""
    manager, publisher = make_user(Role.PROVINCE_MANAGER), make_user(Role.PROVINCE_PUBLISHER)
    region = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    bureau = make_office(Level.COUNTY, region=region)
    call = open_a_round(manager, title=uuid4().hex)
    (pilot,) = publish_pilots(manager, publisher, call, bureau)
    return Sample(own=pilot.public_id)
