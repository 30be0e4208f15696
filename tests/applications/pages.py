"""Reading pages of applications in tests."""

from django.urls import reverse

from tests.factories.people import signed_in
from tests.indicators.browsing import code, text

__all__ = ["code", "get", "post", "text", "url"]


def url(name, application, *rest):
    return reverse(f"applications:{name}", args=[application.public_id, *rest])


def get(user, name, application, *rest):
    return signed_in(user).get(url(name, application, *rest))


def post(user, name, application, *rest, **data):
    return signed_in(user).post(url(name, application, *rest), data)
