"""Access declarations: every view says who may call it, how, and what its arguments name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from county_portal.common.errors import NotAllowed

View = Callable[..., HttpResponseBase]


class Audience(StrEnum):
    """Audiences that are not permissions."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    # A program that shows an office's token; the operation asks for it, and a session means nothing to it.
    TOKEN = "token"  # noqa: S105 -- the name of an audience


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view declares; `objects` maps a URL argument to the kind of object it names."""

    audience: tuple[str, ...]
    methods: tuple[str, ...]
    objects: Mapping[str, str]


def page(
    *audience: str, methods: str = "GET", objects: Mapping[str, str] | None = None
) -> Callable[[View], View]:
    """Declare a view: any one of the permissions in `audience` (or PUBLIC, SIGNED_IN) lets one in.

    `methods` is a blank-separated list; HEAD goes with GET. Answers 405, then 403, before the view runs.
    """
    declaration = Declaration(
        tuple(str(name) for name in audience), tuple(methods.split()), dict(objects or {})
    )
    allowed = {*declaration.methods, *(["HEAD"] if "GET" in declaration.methods else [])}

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                body = render_to_string("errors/405.html", request=request)
                return HttpResponseNotAllowed(sorted(allowed), body)
            if not may_enter(declaration, request.user):
                raise NotAllowed
            return view(request, *args, **kwargs)

        guarded.access = declaration  # type: ignore[attr-defined]  # read by checks and the manifest
        if Audience.PUBLIC in declaration.audience:
            return login_not_required(guarded)
        return guarded

    return decorate


def declare(view: View, declaration: Declaration) -> View:
    """Declare a view that answers for its own methods and audience: an operation of the interface for programs.

    The login page is for people, so nobody is led there.
    """
    view.access = declaration  # type: ignore[attr-defined]  # read by checks and the manifest
    return login_not_required(view)


def may_enter(declaration: Declaration, user: Any) -> bool:
    """Whether `user` belongs to the declared audience."""
    if Audience.PUBLIC in declaration.audience:
        return True
    if not user.is_authenticated:
        return False
    if Audience.SIGNED_IN in declaration.audience:
        return True
    return any(user.holds(permission) for permission in declaration.audience)


def page_above(address: str) -> str:
    """The nearest page above an address that only takes what is sent to it; blank where the address itself opens.

    Whoever's session ended before a button was pressed is led there: the button's own address shows nothing.
    """
    path = urlsplit(address).path
    if _opens(path) is not False:
        return ""
    while path.strip("/") and not _opens(path):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


def _opens(path: str) -> bool | None:
    """Whether a page answers GET there; None where nothing is declared."""
    try:
        declared = getattr(resolve(path).func, "access", None)
    except Resolver404:
        return None
    return "GET" in declared.methods if isinstance(declared, Declaration) else None
