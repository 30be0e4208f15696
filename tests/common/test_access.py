from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from county_portal.common.access import Audience, page
from county_portal.common.errors import NotAllowed

pytestmark = pytest.mark.django_db  # the 405 page names the province

ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Somebody(SimpleNamespace):
    is_authenticated = True
    pk = None

    def holds(self, permission):
        return permission in self.permissions


HOLDER = Somebody(permissions={"fill"})
OTHER = Somebody(permissions={"check"})
ANONYMOUS = AnonymousUser()


def call(declared, method, user):
    view = declared(lambda request: HttpResponse("done"))
    request = getattr(RequestFactory(), method.lower())("/")
    request.user = user
    return view(request)


@pytest.mark.parametrize("method", ALL_METHODS)
@pytest.mark.parametrize(
    "methods, allowed",
    [
        ("GET", {"GET", "HEAD"}),
        ("POST", {"POST"}),
        ("GET POST", {"GET", "HEAD", "POST"}),
    ],
)
def test_undeclared_methods_answer_405_and_name_the_others(methods, allowed, method):
    response = call(page("fill", methods=methods), method, HOLDER)

    if method in allowed:
        assert response.content == b"done"
    else:
        assert response.status_code == 405
        assert set(response["Allow"].split(", ")) == allowed
        assert "<title>" in response.content.decode()


def test_405_comes_before_403():
    assert call(page("fill", methods="POST"), "GET", OTHER).status_code == 405


@pytest.mark.parametrize(
    "audience, user, enters",
    [
        (("fill",), HOLDER, True),
        (("fill",), OTHER, False),
        (("fill",), ANONYMOUS, False),
        (("fill", "check"), OTHER, True),
        ((Audience.SIGNED_IN,), OTHER, True),
        ((Audience.SIGNED_IN,), ANONYMOUS, False),
        ((Audience.PUBLIC,), ANONYMOUS, True),
        ((), HOLDER, False),
    ],
)
def test_audience(audience, user, enters):
    declared = page(*audience)

    if enters:
        assert call(declared, "GET", user).content == b"done"
    else:
        with pytest.raises(NotAllowed):
            call(declared, "GET", user)


def test_only_public_views_are_open_without_login():
    view = page(Audience.PUBLIC)(lambda request: HttpResponse())
    other = page(Audience.SIGNED_IN)(lambda request: HttpResponse())

    assert view.login_required is False
    assert getattr(other, "login_required", True) is True


def test_declaration_is_readable():
    view = page("fill", methods="GET POST", objects={"public_id": "thing"})(lambda request: None)

    assert view.access.audience == ("fill",)
    assert view.access.methods == ("GET", "POST")
    assert view.access.objects == {"public_id": "thing"}
