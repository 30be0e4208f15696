"""The request of somebody signed in, for views that type-check."""

from django.http import HttpRequest

from county_portal.accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request that passed `@page` with a non-public audience."""

    user: User


def signed_in_user(request: HttpRequest) -> User | None:
    """The user, or None on a public page read by anybody."""
    return request.user if request.user.is_authenticated else None
