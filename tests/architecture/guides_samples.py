"""Guides: everybody at work may read them all; pictures and the public's handbook are anybody's."""

from county_portal.accounts.models import User
from tests.architecture.samples import Sample, open_collection, provides

PROVIDED = {"handbook", "guide", "picture", "locked_version"}


@provides("handbook")
def a_handbook(user: User) -> Sample:
    """The one for the public, whoever asks."""
    return Sample(own="public")


@provides("guide")
def a_guide(user: User) -> Sample:
    """The one about signing in."""
    return Sample(own="登录与日常")


@provides("picture")
def a_picture(user: User) -> Sample:
    """None need have been taken."""
    return Sample(own=None)


@provides("locked_version")
def a_locked_version(user: User) -> Sample:
    """Anybody's, once it is locked; the lines of its indicators are `indicator`."""
    return Sample(own=open_collection(user).version.public_id)
