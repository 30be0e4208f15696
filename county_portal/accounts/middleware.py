"""Session limits and the forced change of a first password, enforced on the server for every route."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from county_portal.common.access import Audience

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_STARTED, _SEEN = "started_at", "seen_at"
# The idle limit is kept by the session's expiry; refreshing it once a minute spares a write per request.
_REFRESH_SECONDS = 60
_OPEN_BEFORE_CHANGE = {"accounts:password", "accounts:logout", "accounts:login"}


def begin_session(sender: object, request: HttpRequest, **more: object) -> None:
    """Note the beginning in the write that signing in makes anyway: the first page then writes nothing."""
    request.session[_STARTED] = request.session[_SEEN] = int(time.time())


class SessionLimitMiddleware:
    """End a session after its absolute limit; keep it alive while it is used."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            started = request.session.setdefault(_STARTED, now)
            if now - started > settings.SESSION_ABSOLUTE_HOURS * 3600:
                logout(request)
            elif now - request.session.get(_SEEN, 0) > _REFRESH_SECONDS:
                request.session[_SEEN] = now
        response = self.get_response(request)
        if request.user.is_authenticated:
            # What one person sees must not stay in a shared cache, nor in the browser of a shared machine.
            response.setdefault("Cache-Control", "private, no-store")
        return response


class PasswordChangeMiddleware:
    """Until an initial password is changed, every page but the change itself leads there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Redirect before the view runs; public pages stay readable."""
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        access = getattr(view, "access", None)
        # What a program's token opens is not this person's page either.
        others = {Audience.PUBLIC, Audience.TOKEN}
        is_public = access is not None and bool(others.intersection(access.audience))
        route = request.resolver_match
        if is_public or (route and route.view_name in _OPEN_BEFORE_CHANGE):
            return None
        return redirect("accounts:password")
