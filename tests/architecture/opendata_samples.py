"""Datasets, and what tokens name."""

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from opendata.actions.tokens import NewToken, issue_token
from opendata.models import ApiToken
from opendata.selectors.tokens import allowed_scopes
from tests.accounts.people import make_user
from tests.architecture.samples import Sample, provides

PROVIDED = {"dataset", "api_token", "pushed_sheet", "pushed_call"}


@provides("dataset")
def a_dataset(user: User) -> Sample:
    """Everybody's."""
    return Sample(own="lists")


def _token(holder: User) -> ApiToken:
    admin = make_user(Role.SYSTEM_ADMIN)
    wanted = NewToken("试验系统", holder, [str(allowed_scopes(holder)[0])], 30)
    return issue_token(actor=admin, wanted=wanted)[0]


@provides("api_token")
def an_api_token(user: User) -> Sample:
    """One of one's own office that one may stop; nothing is foreign to the security administrator."""
    stranger = make_user(Role.COUNTY_FILLER)
    if user.holds(Permission.REVOKE_TOKENS):
        return Sample(own=_token(stranger).public_id)
    return Sample(own=_token(user).public_id, foreign=_token(stranger).public_id)


@provides("pushed_sheet")
def a_pushed_sheet(user: User) -> Sample:
    """Asked for with tokens only: tests/opendata does."""
    return Sample(own=None)


@provides("pushed_call")
def a_pushed_call(user: User) -> Sample:
    """Likewise."""
    return Sample(own=None)
