"""What happens at the door: signing in and out, and being kept out."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.db.models import F

from county_portal.accounts.actions.people import record_login
from county_portal.accounts.models import SignIn, SignInKind, StrangerTally, User, canonical_login
from county_portal.common import clock

# The first that fits: every browser claims to be several.
_FAMILIES = (
    ("360", ("QIHU", "360SE", "360EE")),
    ("QQ浏览器", ("QQBrowser",)),
    ("微信", ("MicroMessenger",)),
    ("Edge", ("Edg/", "EdgA/", "Edge/")),
    ("Firefox", ("Firefox/",)),
    ("Chrome", ("Chrome/", "CriOS/", "Chromium/")),
    ("Safari", ("Safari/",)),
    ("IE", ("MSIE", "Trident/")),
)
_KEPT_BITS = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where and with what somebody came."""

    address: str
    browser: str  # as the browser names itself


@transaction.atomic
def note_signed_in(*, user: User, visitor: Visitor) -> None:
    """Somebody came in: in the audit record, and in the log of sign-ins."""
    record_login(user=user, address=visitor.address)
    _note(SignInKind.SUCCESS, user, visitor)


def note_signed_out(*, user: User, visitor: Visitor) -> None:
    """Somebody left of his own accord."""
    _note(SignInKind.SIGN_OUT, user, visitor)


@transaction.atomic
def note_kept_out(*, login: str, visitor: Visitor, is_locked: bool) -> None:
    """A wrong name or password, or a name that is locked at this address.

    What was typed is kept only where an account bears it: it may have been a password. Names that nobody bears are
    counted by address and hour; the first of them is noted.
    """
    person = User.objects.filter(login=canonical_login(login)).first()
    kind = SignInKind.LOCKED if is_locked else SignInKind.FAILURE
    if person is not None:
        _note(kind, person, visitor)
        return
    tally, is_first = _counted(kept_address(visitor.address))
    if is_first:
        _note(kind, None, visitor, tally)


def _counted(address: str) -> tuple[StrangerTally, bool]:
    """The hour's tally of an address with one more; whether this was the first."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    tally, is_first = StrangerTally.objects.get_or_create(hour=hour, address=address)
    StrangerTally.objects.filter(pk=tally.pk).update(count=F("count") + 1)
    return tally, is_first


def _note(
    kind: SignInKind, person: User | None, visitor: Visitor, tally: StrangerTally | None = None
) -> None:
    SignIn.objects.create(
        at=clock.now(),
        kind=kind,
        person=person,
        tally=tally,
        address=kept_address(visitor.address),
        browser=family_of(visitor.browser),
    )


def kept_address(address: str) -> str:
    """The address as the setting keeps it: whole, or its network alone (IPv4 /24, IPv6 /48)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if settings.SIGN_IN_ADDRESS == "full":
        return str(parsed)
    network = ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False)
    return str(network)


def family_of(browser: str) -> str:
    """The family of the browser; what it is in detail would single people out."""
    for family, marks in _FAMILIES:
        if any(mark in browser for mark in marks):
            return family
    return "其他" if browser else ""
