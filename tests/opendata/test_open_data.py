"""Open data: what is handed out, in which form, and that nothing unpublished is."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ninja import NinjaAPI, Router

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from county_portal.common.checks import _problems
from county_portal.common.routes import Route, all_routes
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Paper
from opendata.exports import csv_text
from opendata.limits import count_open_request
from opendata.operations import patterns
from opendata.selectors.datasets import DATASETS, digest_of
from scoring.models import PublishedList
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.graded_samples import graded_for
from tests.opendata.asking import ask, told

pytestmark = pytest.mark.django_db

KEYS = [dataset.key for dataset in DATASETS]


@pytest.fixture
def published(db):
    """A list of two counties, published by the real actions."""
    return graded_for(make_user(Role.PROVINCE_MANAGER)).published


def said(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def rows_of(key, query=""):
    answer = ask(f"/open/v1/{key}{query}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["rows"]


def test_a_published_list_is_handed_out(published):
    (row,) = rows_of("lists")

    assert row["list_id"] == str(published.public_id)
    assert (row["status"], row["counties"], row["digest"]) == ("valid", 2, published.digest)
    assert row["replaced_by"] is None
    assert Client().get(row["page"]).status_code == 200


def test_counties_come_in_the_order_published_without_scores(published):
    rows = rows_of("list-counties")

    assert [row["region_code"] for row in rows] == [row.code for row in published.rows.all()]
    assert {row["list_id"] for row in rows} == {str(published.public_id)}
    words = json.dumps(rows, ensure_ascii=False)
    totals = [str(result.total) for result in published.run.results.all()]
    assert not any(total in words for total in totals if total != "0.00")
    assert not {"rank", "score", "total", "best_rank"} & set(rows[0])


def test_a_region_is_named_by_code_and_first_day(published):
    row = rows_of("list-counties")[0]

    found = Region.objects.get(code=row["region_code"], valid_from=row["region_from"])
    assert found.name == row["name"]


@pytest.mark.parametrize("key", ["lists", "list-counties", "list-corrections", "schemes"])
def test_an_unpublished_list_shows_nowhere(key):
    graded = graded_for(make_user(Role.PROVINCE_MANAGER))
    before = rows_of(key)
    # Drafts are beside it in the table; the door is what keeps them in.
    PublishedList.objects.create(
        run=graded.published.run,
        collection=graded.published.collection,
        version=2,
        publish_on=date(2026, 1, 1),
        prepared_by=graded.published.prepared_by,
        prepared_at=graded.published.prepared_at,
        supersedes=graded.published,
        correction_reason="拟稿中的原因",
    )

    assert rows_of(key) == before
    assert "拟稿中的原因" not in ask(f"/open/v1/{key}.csv").content.decode()


@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"regions", "indicators"}])
def test_nothing_published_is_nothing_handed_out(key, submission):
    """A collection is open, a scheme may be locked; nobody has published anything."""
    assert rows_of(key) == []


def test_the_practice_county_is_no_region():
    office = make_office(Level.CITY)
    make_region(Level.COUNTY, name="试填县", is_practice=True, reviewing_office=office)

    assert "试填县" not in {row["name"] for row in rows_of("regions")}


@pytest.mark.parametrize("key", KEYS)
def test_csv_says_what_json_says(published, key):
    text = ask(f"/open/v1/{key}.csv").content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))

    rows = rows_of(key, "?page_size=1000")
    assert len(table) == len(rows)
    for line, row in zip(table, rows, strict=True):
        assert line == {name: said(value) for name, value in row.items()}


CELLS = [
    *(("=1+1", "'=1+1"), ("+8613", "'+8613"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1")),
    *((" =1", "' =1"), ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0")),
    *(("-1.5", "-1.5"), ("1-2", "1-2"), ("一县", "一县"), (None, ""), (True, "true")),
]


@pytest.mark.parametrize(("value", "cell"), CELLS)
def test_a_table_runs_nothing(value, cell):
    written = csv_text([("a", "a"), ("b", "b")], [{"a": value, "b": "end"}])

    assert list(csv.reader(io.StringIO(written))) == [["\ufeffa", "b"], [cell, "end"]]


def test_pages_follow_one_another(published):
    first = ask("/open/v1/list-counties?page_size=1")
    following = first["Link"].partition(";")[0].strip("<>")
    second = ask(following)

    assert (first.json()["count"], first.json()["pages"]) == (2, 2)
    assert "Link" not in second.headers
    assert [*first.json()["rows"], *second.json()["rows"]] == rows_of("list-counties")
    assert told(ask("/open/v1/list-counties?page=3&page_size=1"), 404)["code"] == "not_found"


def test_filters_narrow_and_the_digest_stays(published):
    whole = ask("/open/v1/list-counties").json()
    code = whole["rows"][1]["region_code"]
    year = published.collection.data_year

    one = ask(f"/open/v1/list-counties?year={year}&region={code}").json()
    assert one["rows"] == [whole["rows"][1]]
    assert one["digest"] == whole["digest"] == digest_of(whole["rows"])
    assert rows_of("list-counties", f"?year={year - 1}") == []
    assert len(ask(f"/open/v1/list-counties.csv?region={code}").content.splitlines()) == 2


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("page=x", "page", "int_parsing"), ("page=0", "page", "greater_than_equal"),
        ("page_size=1001", "page_size", "less_than_equal"), ("year=1", "year", "greater_than_equal"),
        ("region=13%27--", "region", "string_pattern_mismatch"), ("yaer=2020", "yaer", "query_unknown"),
    ],
)  # fmt: skip
def test_a_bad_query_is_told_with_its_field(query, field, code):
    problem = told(ask(f"/open/v1/list-counties?{query}"), 422)

    (error,) = problem["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert "请" in error["sentence"]


@pytest.mark.parametrize("path", ["/open/v1", "/open/v1/list-counties", "/open/v1/lists.csv"])
def test_what_has_not_changed_is_not_sent_again(published, path):
    first = ask(path)
    again = ask(path, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert ask(path, **{"If-None-Match": '"other"'}).status_code == 200
    head = ask(path, method="HEAD")
    assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")


def test_since_the_last_publication(published):
    first = ask("/open/v1/lists")

    assert ask("/open/v1/lists", **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    early = "Mon, 01 Jan 2018 00:00:00 GMT"
    assert ask("/open/v1/lists", **{"If-Modified-Since": early}).status_code == 200


def test_answers_may_be_kept_by_everybody(published):
    """The same for whoever asks, signed in or not."""
    answer = ask("/open/v1/lists")

    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/open/v1/lists", "/open/v1/none"])
def test_other_methods(path):
    answer = ask("/open/v1/lists", method="POST", body={})

    assert told(answer, 405)["code"] == "method_not_allowed"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    preflight = ask("/open/v1/lists", method="OPTIONS", Origin="https://example.org")
    assert (preflight.status_code, preflight["Access-Control-Allow-Origin"]) == (204, "*")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/open/v1/none", 404),
        ("/open/v1/lists?year=%ff", 400),
        ("/open/v1?a=%ff", 400),
        ("/api/v1/none", 404),
    ],
)
def test_programs_are_told_in_their_form_whatever_goes_wrong(path, status):
    told(ask(path), status)


def test_too_many_requests_are_told_when_to_come_back(settings, published):
    settings.OPEN_DATA_REQUESTS = 2
    client = {"X-Forwarded-For": ""}
    address = {"REMOTE_ADDR": "203.0.113.77"}
    answers = [Client(**address).get("/open/v1/lists", headers=client) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    problem = told(answers[2], 429)
    assert problem["code"] == "too_many_requests"
    assert 0 < int(answers[2]["Retry-After"]) <= 600
    assert answers[2]["Retry-After"] in problem["detail"] or "秒后再试" in problem["detail"]
    assert Client(REMOTE_ADDR="203.0.113.78").get("/open/v1/lists").status_code == 200


def test_nobody_is_counted_where_redis_is_away(settings, rf):
    settings.OPEN_DATA_REQUESTS = 0
    settings.REDIS_URL = ""

    count_open_request(rf.get("/open/v1/lists", REMOTE_ADDR="203.0.113.79"))


def test_reading_costs_a_constant_number_of_queries(published):
    for key in KEYS:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows_of(key)
        assert len(queries) <= 5, key


def test_an_operation_without_declaration_fails_the_check():
    """Added to ninja's router past `operation`, it is as bare as any undeclared view."""
    router = Router()
    router.get("/bare", url_name="bare")(lambda request: {})
    api = NinjaAPI(openapi_url=None, docs_url=None, urls_namespace="bare")
    api.add_router("", router)
    (pattern,) = patterns(api)

    route = Route("bare", "/bare", pattern.callback, getattr(pattern.callback, "access", None), ())
    assert [error.id for error in _problems(route)] == ["county_portal.E001"]


def test_every_operation_is_declared():
    found = [route for route in all_routes() if route.path.startswith(("/open/v1", "/api/v1"))]

    assert len(found) > 18
    assert all(route.access for route in found)
    assert not run_checks(tags=["access"])


@pytest.mark.parametrize("key", KEYS)
def test_pages_for_people(published, key):
    page = Client().get(f"/open/data/{key}/")

    assert page.status_code == 200
    assert f"/open/v1/{key}.csv" in page.content.decode()


def test_the_catalogue_and_the_reference(published):
    text = Client().get("/open/").content.decode()
    assert all(f"/open/data/{key}/" in text for key in KEYS)
    text = Client().get("/open/interface/").content.decode()
    assert "/open/v1/list-counties" in text
    assert "http://cdn" not in text
    assert Client().get("/open/data/none/").status_code == 404
    assert Client().get("/open/openapi.json").json()["openapi"].startswith("3.1")


def test_what_was_read_is_kept_until_something_is_published_or_taken_back(published):
    def counties():
        with CaptureQueriesContext(connection) as queries:
            rows = rows_of("list-counties")
        return rows, sum('FROM "scoring_listrow"' in each["sql"] for each in queries)

    first, read = counties()
    assert (len(first), read) == (2, 1)
    assert counties() == (first, 0)

    # Its paper lapses with the data of another page.
    Paper.objects.filter(pk=published.paper_id).update(
        status=PaperStatus.LAPSED, status_reason="依据有误", status_at=clock.now()
    )
    again, read = counties()
    assert ({row["status"] for row in again}, read) == ({"lapsed"}, 1)
