"""试填县: in by one press, as the other of the two, anew, and out again."""

from typing import TYPE_CHECKING

from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import Audience, page
from county_portal.common.errors import NotAllowed, Stale
from county_portal.guides.actions import begin_practice
from county_portal.guides.selectors import find_person, other_of

if TYPE_CHECKING:
    from county_portal.accounts.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
# Who practises, and the mark of his password then: changed meanwhile, he signs in again.
_WHO, _MARK, _STARTED = "practice_of", "practice_mark", "started_at"


@page(Permission.FILL, Permission.SUBMIT, methods="POST")
def enter(request: AuthenticatedRequest) -> HttpResponse:
    """Into a practice county of one's own; pressed inside it, into a new one."""
    person = _person_behind(request) if request.user.is_practice else request.user
    if person is None:
        raise NotAllowed
    practice = begin_practice(actor=person)
    _become(request, practice.beginning_as(person), person)
    return redirect("home:inbox")


@page(Audience.SIGNED_IN, methods="POST")
def switch(request: AuthenticatedRequest) -> HttpResponse:
    """From the clerk of the practice county to its head and back: one fills, another submits."""
    person, other = _person_behind(request), other_of(request.user)
    if person is None or other is None:
        raise Stale(
            "not_practising", "您现在不在试填中，不能切换试填岗位。请从使用帮助重新进入试填。"
        )
    _become(request, other, person)
    return redirect("home:inbox")


@page(Audience.SIGNED_IN, methods="POST")
def leave(request: AuthenticatedRequest) -> HttpResponse:
    """Back to oneself; who was disabled or changed his password meanwhile signs in anew."""
    if not request.user.is_practice:
        return redirect("home:inbox")
    person = _person_behind(request)
    started = request.session.get(_STARTED)
    if person is None:
        end_session(request)
        return redirect("accounts:login")
    start_session(request, person, _BACKEND)
    request.session[_STARTED] = started
    return redirect("guides:index")


def _become(request: HttpRequest, other: "User", person: "User") -> None:
    """Sign the browser in as somebody of the practice county; the session's absolute limit runs on."""
    started = request.session.get(_STARTED)
    start_session(request, other, _BACKEND)
    request.session[_WHO] = str(person.public_id)
    request.session[_MARK] = person.get_session_auth_hash()
    if started is not None:
        request.session[_STARTED] = started


def _person_behind(request: AuthenticatedRequest) -> "User | None":
    if not request.user.is_practice:
        return None
    person = find_person(request.session.get(_WHO, ""))
    mark = request.session.get(_MARK, "")
    if person is None or not constant_time_compare(mark, person.get_session_auth_hash()):
        return None
    return person
