"""Open data for programs: the catalogue, and each dataset as pages of JSON and as one table."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from ninja import Query, Router, Schema
from pydantic import Field, create_model

from county_portal.common.errors import Invalid
from opendata import schemas
from opendata.exports import csv_text
from opendata.limits import count_open_request
from opendata.operations import operation
from opendata.selectors.datasets import (
    DATASETS,
    REGION,
    YEAR,
    Contents,
    Dataset,
    digest_of,
    licence,
    narrowed,
    read_contents,
    source,
)

router = Router(tags=["开放数据"])
PAGE_SIZE, MAX_PAGE_SIZE, MAX_PAGE = 200, 1000, 100_000
# Published data changes a few times a year; a client that must know at once asks with If-None-Match.
_CACHED = "public, max-age=300"

_PAGES: dict[str, Any] = {
    "page": (int, Field(1, ge=1, le=MAX_PAGE, description="页码，从1开始")),
    "page_size": (int, Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description="每页行数")),
}
_FILTERS: dict[str, Any] = {
    YEAR: (int | None, Field(None, ge=1990, le=2100, description="只取这一年度")),
    REGION: (
        str,
        Field("", max_length=12, pattern=r"^[0-9A-Za-z]*$", description="只取这一区划代码"),
    ),
}


@operation(router, "/open/v1", scope=None, response=schemas.Catalogue, summary="数据集目录")
def open_catalogue(request: HttpRequest) -> HttpResponseBase:
    """每个数据集的说明、行数、全集摘要和地址。"""
    count_open_request(request)
    _refuse_unknown(request, set())
    about = [_about(dataset, read_contents(dataset)) for dataset in DATASETS]
    catalogue = schemas.Catalogue(source=source(), licence=licence(), datasets=about)
    body = catalogue.model_dump(mode="json")
    return _fresh_or_same(
        request, JsonResponse(body, json_dumps_params=_UNESCAPED), digest_of(body)
    )


_UNESCAPED = {"ensure_ascii": False}


def _about(dataset: Dataset, contents: Contents) -> schemas.DatasetAbout:
    return schemas.DatasetAbout(
        key=dataset.key,
        title=dataset.title,
        description=dataset.description,
        count=len(contents.rows),
        digest=contents.digest,
        modified=contents.modified,
        json_path=dataset.json_path,
        csv_path=dataset.csv_path,
    )


def query_of(dataset: Dataset, *, paged: bool) -> type[Schema]:
    """What the queries of a dataset may name."""
    fields = {name: _FILTERS[name] for name in dataset.filters} | (_PAGES if paged else {})
    name = f"{_camel(dataset.key)}{'Page' if paged else ''}Query"
    return create_model(name, __base__=Schema, **fields)


def page_of(dataset: Dataset) -> type[schemas.Page]:
    """The answer of a dataset."""
    rows = (list[dataset.row], Field(title="行"))  # type: ignore[name-defined]  # known while it runs
    return create_model(
        f"{_camel(dataset.key)}Page",
        __base__=schemas.Page,
        __cls_kwargs__={"title": f"{dataset.title}：一页"},
        rows=rows,
    )


def _camel(key: str) -> str:
    return "".join(part.capitalize() for part in key.split("-"))


def _refuse_unknown(request: HttpRequest, known: set[str]) -> None:
    """A misspelt filter that is passed over would hand out something else than was asked for."""
    unknown = sorted(set(request.GET) - known)
    if unknown:
        names = "、".join(sorted(known)) or "无"
        raise Invalid(
            "query_unknown",
            f"没有查询参数“{unknown[0][:60]}”，请删去或核对名称；可用：{names}。",
            unknown[0][:60],
        )


def _add(dataset: Dataset) -> None:
    """The two operations of a dataset."""
    paged, plain = query_of(dataset, paged=True), query_of(dataset, paged=False)
    name = dataset.key.replace("-", "_")

    def as_json(request: HttpRequest, query: paged = Query(...)) -> HttpResponseBase:  # type: ignore[valid-type, type-arg]  # noqa: B008 -- ninja's way
        return _json(request, dataset, query)

    def as_csv(request: HttpRequest) -> HttpResponseBase:
        return _csv(request, dataset, None)

    def as_filtered_csv(request: HttpRequest, query: plain = Query(...)) -> HttpResponseBase:  # type: ignore[valid-type, type-arg]  # noqa: B008
        return _csv(request, dataset, query)

    table: Callable[..., Any] = as_filtered_csv if dataset.filters else as_csv
    as_json.__name__, table.__name__ = f"open_{name}", f"open_{name}_csv"
    described: dict[str, Any] = {"summary": dataset.title, "description": dataset.description}
    operation(router, dataset.json_path, scope=None, response=page_of(dataset), **described)(
        as_json
    )
    described["summary"] += "（CSV）"
    operation(router, dataset.csv_path, scope=None, media="text/csv", **described)(table)


def _json(request: HttpRequest, dataset: Dataset, query: Any) -> HttpResponseBase:
    count_open_request(request)
    _refuse_unknown(request, set(type(query).model_fields))
    contents = read_contents(dataset)
    rows = _wanted(dataset, contents, query)
    pages = max(1, -(-len(rows) // query.page_size))
    if query.page > pages:
        raise Http404
    begin = (query.page - 1) * query.page_size
    body = {
        "dataset": dataset.key,
        "title": dataset.title,
        "digest": contents.digest,
        "modified": contents.modified.isoformat() if contents.modified else None,
        "source": source(),
        "licence": licence().model_dump(),
        "count": len(rows),
        "page": query.page,
        "pages": pages,
        "rows": rows[begin : begin + query.page_size],
    }
    response = JsonResponse(body, json_dumps_params=_UNESCAPED)
    if query.page < pages:
        following = request.GET.copy()
        following["page"] = str(query.page + 1)
        response["Link"] = f'<{dataset.json_path}?{following.urlencode()}>; rel="next"'
    return _fresh_or_same(request, response, digest_of(body), contents)


def _csv(request: HttpRequest, dataset: Dataset, query: Any) -> HttpResponseBase:
    count_open_request(request)
    _refuse_unknown(request, set(dataset.filters))
    contents = read_contents(dataset)
    columns = [(name, name) for name in dataset.row.model_fields]
    text = csv_text(columns, _wanted(dataset, contents, query))
    response = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dataset.key}.csv"'
    return _fresh_or_same(request, response, digest_of(text), contents)


def _wanted(dataset: Dataset, contents: Contents, query: Any) -> list[dict[str, object]]:
    return narrowed(dataset, contents, getattr(query, YEAR, None), getattr(query, REGION, ""))


def _fresh_or_same(
    request: HttpRequest, response: HttpResponse, digest: str, contents: Contents | None = None
) -> HttpResponseBase:
    """The answer with its validators, or 304 where the client has it already."""
    etag = quote_etag(digest[:32])
    moment = contents.modified if contents else None
    modified = int(moment.timestamp()) if moment else None
    response["ETag"] = etag
    response["Cache-Control"] = _CACHED
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    found = get_conditional_response(request, etag, modified, response)
    answer = found if isinstance(found, HttpResponseBase) else response
    if isinstance(answer, HttpResponseNotModified):
        answer["Cache-Control"] = _CACHED
    return answer


for _dataset in DATASETS:
    _add(_dataset)
