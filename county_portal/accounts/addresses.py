"""The address a request comes from, of which only trusted proxies may tell."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address, by which failed logins are counted; None over a local socket.

    Behind `TRUSTED_PROXY_COUNT` proxies it is that many entries from the right of X-Forwarded-For: whatever
    stands further left the client may have invented.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and _is_address(forwarded[-hops]):
        return forwarded[-hops]
    direct = str(request.META.get("REMOTE_ADDR", ""))
    return direct if _is_address(direct) else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
