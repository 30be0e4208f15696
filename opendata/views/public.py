"""Open data for people: the catalogue, each dataset, the description of the interface."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from county_portal.common.access import Audience, page
from opendata.feed import atom, list_entries
from opendata.interface import description
from opendata.limits import count_open_request
from opendata.reference import fields_of, operations_of, shapes_of
from opendata.selectors.datasets import (
    DATASETS,
    digest_of,
    get_dataset,
    licence,
    read_contents,
    source,
)

_COLUMN = "开放数据"
SAMPLE_ROWS = 5


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here = reverse("opendata:public_catalogue") if more else None
    return [("首页", reverse("home:front")), (_COLUMN, here), *more]


@page(Audience.PUBLIC)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every dataset with what it holds now."""
    count_open_request(request)
    context = {
        "datasets": [(dataset, read_contents(dataset)) for dataset in DATASETS],
        "licence": licence(),
        "source": source(),
        "page_meta": {"column_name": _COLUMN, "description": "县域科技创新评价和试点的开放数据"},
        "breadcrumbs": _crumbs(),
    }
    return render(request, "opendata/catalogue.html", context)


@page(Audience.PUBLIC, objects={"key": "dataset"})
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """One dataset: its fields, the first rows, where to get it."""
    count_open_request(request)
    found = get_dataset(key)
    contents = read_contents(found)
    fields = fields_of(found.row.model_json_schema())
    context = {
        "dataset": found,
        "contents": contents,
        "fields": fields,
        "sample": [list(row.values()) for row in contents.rows[:SAMPLE_ROWS]],
        "licence": licence(),
        "base": f"{request.scheme}://{request.get_host()}",
        "page_meta": {"column_name": _COLUMN, "description": found.description},
        "breadcrumbs": _crumbs((found.title, None)),
    }
    return render(request, "opendata/dataset.html", context)


@page(Audience.PUBLIC)
def reference(request: HttpRequest) -> HttpResponse:
    """The interface as its OpenAPI document describes it, printed."""
    document = description()
    context = {
        "groups": operations_of(document),
        "shapes": shapes_of(document),
        "version": document["info"]["version"],
        "page_meta": {"column_name": _COLUMN, "description": "开放数据和单位接口说明"},
        "breadcrumbs": _crumbs(("接口说明", None)),
    }
    return render(request, "opendata/reference.html", context)


@page(Audience.PUBLIC)
def feed(request: HttpRequest) -> HttpResponseBase:
    """What was published lately."""
    count_open_request(request)
    entries = list_entries()
    base = settings.PORTAL_URL or f"{request.scheme}://{request.get_host()}"
    text = atom(entries, base, source())
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    etag = quote_etag(
        digest_of([asdict(entry) | {"at": entry.at.isoformat()} for entry in entries])
    )
    response["ETag"] = etag
    found = get_conditional_response(request, etag, None, response)
    return found if isinstance(found, HttpResponseBase) else response


@page(Audience.PUBLIC)
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document itself."""
    response = JsonResponse(description(), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response
