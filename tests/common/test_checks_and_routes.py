import json
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from county_portal.common.checks import check_every_view_declares_access
from county_portal.common.routes import all_routes

LOOSE = "tests.common.loose_urls"


def test_check_names_every_undeclared_view(settings):
    settings.ROOT_URLCONF = LOOSE

    found = [(error.id, error.msg) for error in check_every_view_declares_access(None)]

    assert [
        (code, message.split(" ")[0 if code.endswith("2") else 3]) for code, message in found
    ] == [
        ("county_portal.E001", "/undeclared/"),
        ("county_portal.E001", "/nested/undeclared/"),
        ("county_portal.E002", "/silent/<uuid:public_id>/"),
        ("county_portal.E002", "/nameless/"),
    ]
    assert "public_id" in found[2][1]


def test_manage_check_fails_on_an_undeclared_view(settings):
    settings.ROOT_URLCONF = LOOSE

    with pytest.raises(SystemCheckError, match=r"county_portal\.E001"):
        call_command("check")


def test_the_portal_itself_is_clean():
    assert run_checks() == []


def patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry)


def test_manifest_equals_the_url_map():
    """Counted by an own walk: a route the manifest forgot would be tested by nobody."""
    out = StringIO()
    call_command("route_manifest", stdout=out)

    rows = json.loads(out.getvalue())

    assert len(rows) == len(list(patterns(get_resolver()))) == len(all_routes())
    assert [row["name"] for row in rows] == [route.name for route in all_routes()]
    assert {"name", "path", "methods", "arguments", "audience"} == set(rows[0])
    row = next(row for row in rows if row["name"] == "accounts:reset")
    assert row == {
        "name": "accounts:reset",
        "path": "/users/<uuid:public_id>/reset/",
        "methods": ["POST"],
        "arguments": {"public_id": "user"},
        "audience": ["accounts.manage"],
    }


def test_names_and_paths_are_unique():
    routes = all_routes()

    assert len({route.name for route in routes}) == len(routes)
    assert len({route.path for route in routes}) == len(routes)
