"""What everybody may read: lists as they were published, never a score."""

from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from county_portal.common.access import Audience, page
from county_portal.common.errors import Refused
from county_portal.common.province import words
from county_portal.files.responses import serve
from scoring.forms import SearchForm
from scoring.list_document import DisplayNames, commendation_sentence
from scoring.selectors.as_of import list_published_by
from scoring.selectors.corrections import list_errata
from scoring.selectors.list_documents import list_document, list_settings
from scoring.selectors.lists import (
    count_by_class,
    find_listed,
    get_published,
    list_changes,
    list_cities,
    list_files,
    list_published,
    replaced_by,
    replacements,
)
from scoring.views.as_of import as_of, asked_day, list_of_day
from scoring.views.wording import rise_groups, tile_groups

if TYPE_CHECKING:
    from scoring.models import PublishedList


@page(Audience.PUBLIC)
def lists(request: HttpRequest) -> HttpResponse:
    """Every published list by year, the valid version first; as of a day, those published by then."""
    day = asked_day(request)
    rows = list(list_published_by(day) if day else list_published())
    replaced, counts = replacements(rows), count_by_class(rows)
    years: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        entry = (row, replaced.get(row.pk), sorted(counts[row.pk].items()))
        years[row.collection.data_year].append(entry)
    context = {
        "years": list(years.items()),
        "as_of": as_of(request, "以下是当日已公布的名单及其状态。"),
        "page_meta": {
            "column_name": words().evaluation,
            "description": f"历年{words().evaluation}名单",
        },
        "breadcrumbs": [("首页", reverse("home:front")), ("评价结果", None)],
    }
    return render(request, "scoring/public_lists.html", context)


@page(Audience.PUBLIC, objects={"public_id": "published_list"})
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One list by class in score order, with what rose and where a county stands."""
    row, moment = list_of_day(request, get_published(public_id))
    document = list_document(row)
    form = SearchForm(request.GET or None)
    text = form.text
    context = {
        "list": row,
        "as_of": moment,
        "document": document,
        "repeated": DisplayNames(document.counties).repeated,
        "replaced_by": None if moment.day else replaced_by(row),
        "tiles": tile_groups(list_cities(row)),
        "rises": rise_groups(document),
        "commendation": commendation_sentence(document),
        "form": form,
        "text": text,
        "found": find_listed(row, text),
        "files": list_files(row),
        "errata": list_errata(row),
        "changes": list_changes(row),
        "page_meta": _meta(row),
        "breadcrumbs": [
            ("首页", reverse("home:front")),
            ("评价结果", reverse("scoring:public_lists")),
            (f"{row.collection.data_year}年度", None),
        ],
    }
    return render(request, "scoring/public_list.html", context)


def _meta(row: "PublishedList") -> dict[str, object]:
    title = f"{row.collection.data_year}年度{words().evaluation}结果"
    return {
        "column_name": words().evaluation,
        "description": f"{title}（{row.publish_on.year}年公布）",
        "article_title": title,
        "published_on": row.publish_on,
        "source": list_settings().consented_by,
    }


@page(Audience.PUBLIC, objects={"public_id": "published_list"})
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The list as an official document."""
    return _file(public_id, "pdf", "PDF")


@page(Audience.PUBLIC, objects={"public_id": "published_list"})
def docx(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The same official document for Word."""
    return _file(public_id, "docx", "Word")


@page(Audience.PUBLIC, objects={"public_id": "published_list"})
def xlsx(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The list as a workbook."""
    return _file(public_id, "xlsx", "Excel")


def _file(public_id: UUID, kind: str, label: str) -> HttpResponseBase:
    made = list_files(get_published(public_id)).get(kind)
    if made is None:
        raise Refused(
            "list_file_not_made",
            f"该名单的{label}文件尚未生成，请稍后再来；名单内容可在网页上查阅。",
            HTTPStatus.NOT_FOUND,
        )
    return serve(made, is_public=True)
