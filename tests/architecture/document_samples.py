"""Objects of documents: drafts, issued documents, registers and receipts of one's own office and of another."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.documents.models import Delivery
from tests.accounts.people import make_office, make_user
from tests.architecture.samples import Sample, provides
from tests.documents.office import begin, issue, make_register, worded

PROVIDED = {"draft", "paper", "register", "received_paper", "document_kind"}


def _register(office):
    return make_register(office)


def _drafter(user):
    """The person who drafts in the user's stead, where the user's role does not draft."""
    if user.holds("documents.draft"):
        return user
    role = Role.CITY_REVIEWER if user.level == "city" else Role.PROVINCE_MANAGER
    return make_user(role, office=user.office)


def _draft(user):
    drafter = _drafter(user)
    return begin(drafter, _register(drafter.office))


def _somebody():
    return make_user(Role.CITY_REVIEWER, office=make_office("city"))


def _paper(drafter):
    is_city = drafter.level == "city"
    checker = make_user(
        Role.CITY_SIGNER if is_city else Role.PROVINCE_CHECKER, office=drafter.office
    )
    signer = make_user(
        Role.CITY_SIGNER if is_city else Role.PROVINCE_PUBLISHER, office=drafter.office
    )
    draft = worded(drafter, _register(drafter.office))
    return issue(draft, drafter, checker, signer)


@provides("draft")
def a_draft(user: User) -> Sample:
    """Of one's own office, and of another city."""
    return Sample(own=_draft(user).public_id, foreign=_draft(_somebody()).public_id)


@provides("paper")
def a_paper(user: User) -> Sample:
    """Issued by one's own office (a county has only what it received), and one of another city."""
    foreign = _paper(_somebody()).public_id
    return Sample(own=_received(user) if user.level == "county" else _own(user), foreign=foreign)


def _own(user):
    return _paper(_drafter(user)).public_id


def _received(user):
    paper = _paper(_somebody())
    Delivery.objects.create(paper=paper, office=user.office)
    return paper.public_id


@provides("received_paper")
def a_received_paper(user: User) -> Sample:
    """Sent to one's own office, and sent to nobody."""
    return Sample(own=_received(user), foreign=_paper(_somebody()).public_id)


@provides("register")
def a_register(user: User) -> Sample:
    """Of one's own office, and of another."""
    return Sample(
        own=_register(user.office).public_id, foreign=_register(make_office("city")).public_id
    )


@provides("document_kind")
def a_kind(user: User) -> Sample:
    """Known to everybody."""
    return Sample(own="notice")
