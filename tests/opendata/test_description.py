"""The interface asked everything its own description allows, and a feed that readers take."""

import re
from functools import lru_cache
from xml.etree import ElementTree

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounded
from hypothesis.strategies import one_of

from county_portal.accounts.roles import Role
from opendata.conformance import check_conformance
from opendata.interface import description
from opendata.reference import shapes_of
from tests.accounts.people import make_user
from tests.architecture.graded_samples import graded_for

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
METHODS = ("get", "post")
OPERATIONS = [
    (path, method)
    for path, item in description()["paths"].items()
    for method in METHODS
    if method in item
]
MODES = list(schemathesis.GenerationMode)


@pytest.fixture(autouse=True)
def one_connection():
    """A real request ends by closing old connections; here it would close the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@lru_cache(maxsize=1)
def schema():
    """The description, asked of the application itself."""
    found = schemathesis.openapi.from_dict(description())
    found.app = get_wsgi_application()
    return found


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_asked_is_answered_as_described(path, method, submission, clerk):
    """All of schemathesis' checks; a fixed seed, so that what fails here fails everywhere."""
    operation = schema()[path][method]
    is_closed = "security" in description()["paths"][path][method]
    headers = {"Authorization": f"Bearer {clerk}"} if is_closed else {}
    modes = MODES if takes_anything(operation) else [schemathesis.GenerationMode.POSITIVE]

    @seed(8)
    @bounded(
        max_examples=10,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
    def ask(case):
        case.call_and_validate(headers=headers)

    ask()


def takes_anything(operation):
    """Whether something can be said wrongly."""
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def test_every_get_answers_as_it_is_described(people, submission, clerk):
    """What the demonstration does with its own data; here nothing is published and no month is asked for."""
    found = check_conformance(clerk, {"sheet_id": str(submission.public_id)})

    assert found.operations == sum(method == "get" for _, method in OPERATIONS)
    assert found.answers == found.operations - 1
    assert found.failures == ["/api/v1/monthly/{call_id}: nothing to ask for"]


def test_a_description_that_lies_is_found_out(people, submission, clerk, monkeypatch):
    """The check can fail: one field of a shape is renamed in the description alone."""
    page = description()["components"]["schemas"]["SheetRow"]
    monkeypatch.setitem(page["properties"], "state", {"type": "integer"})

    found = check_conformance(clerk, {"sheet_id": str(submission.public_id)})
    assert [failure for failure in found.failures if failure.startswith("/api/v1/sheets:")]


def test_the_feed_tells_of_a_publication():
    published = graded_for(make_user(Role.PROVINCE_MANAGER)).published
    answer = Client().get("/open/feed.xml")

    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{published.public_id}"
    assert str(published.collection.data_year) in entry.findtext(f"{ATOM}title")
    # Not the title again: what is in it.
    summary = entry.findtext(f"{ATOM}summary")
    assert summary.startswith("2个县（市、区）：")
    assert summary.endswith(f"；{published.document_number}。")
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/lists/{published.public_id}/")
    again = Client().get("/open/feed.xml", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_published_is_an_empty_feed(submission):
    feed = ElementTree.fromstring(Client().get("/open/feed.xml").content)

    assert feed.findall(f"{ATOM}entry") == []


def test_every_shape_says_in_chinese_what_it_is():
    shapes = shapes_of(description())

    assert [shape.name for shape in shapes if not re.search(r"[\u4e00-\u9fff]", shape.title)] == []
    assert len({shape.title for shape in shapes}) == len(shapes)
    page = Client().get("/open/interface/").content.decode()
    assert "<span>名单更正：一页</span><code>ListCorrectionsPage</code>" in page
