"""Verifying an issued document: open to whoever holds it, by its code, its QR code or its file.

Nothing of these pages is kept by caches or found by search engines, and nothing uploaded is kept at all.
"""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.addresses import client_address
from county_portal.common.access import Audience, page
from county_portal.common.errors import Refused
from county_portal.common.misses import WINDOW_SECONDS, count_miss, is_over_limit
from county_portal.documents.codes import read_code
from county_portal.documents.receipts import keys_document
from county_portal.documents.selectors.papers import find_paper
from county_portal.documents.selectors.verification import (
    Standing,
    find_paper_file,
    list_keys,
    standing_of,
)
from county_portal.documents.verify import verify_document
from county_portal.files.uploads import DigestedUpload, digests_uploads

_DIGEST = re.compile(r"[0-9a-f]{64}")
_META = {"column_name": "公文核验", "description": "核验本平台签发的公文"}
View = Callable[..., HttpResponse]


def _kept_nowhere(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


@page(Audience.PUBLIC)
@_kept_nowhere
def index(request: HttpRequest) -> HttpResponse:
    """Type a code, or choose the file; `?code=` and `?sha256=` look it up."""
    if sha256 := request.GET.get("sha256", ""):
        return _by_digest(request, sha256.lower())
    if typed := request.GET.get("code", "").strip():
        code = read_code(typed)
        if code is None or _found(request, code) is None:
            return _unknown(request)
        return HttpResponseRedirect(reverse("verify:standing", args=[code]))
    return render(request, "verify/index.html", {"page_meta": _META, "breadcrumbs": _crumbs()})


@page(Audience.PUBLIC, methods="POST")
@_kept_nowhere
@digests_uploads
def file(request: HttpRequest) -> HttpResponse:
    """Find the document a file belongs to, for browsers that cannot digest it themselves."""
    return _by_digest(request, _digest_of_upload(request))


@page(Audience.PUBLIC, objects={"code": "paper_code"})
@_kept_nowhere
def standing(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a document holds, and what it is; `?sha256=` compares a file too."""
    found = _found(request, code)
    if found is None:
        return _unknown(request)
    return _standing_page(request, found, request.GET.get("sha256", "").lower())


@page(Audience.PUBLIC, methods="POST", objects={"code": "paper_code"})
@_kept_nowhere
@digests_uploads
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Compare a file with those issued, for browsers that cannot digest it themselves."""
    found = _found(request, code)
    if found is None:
        return _unknown(request)
    return _standing_page(request, found, _digest_of_upload(request))


@page(Audience.PUBLIC, objects={"code": "paper_code", "kind": "paper_file_kind"})
@_kept_nowhere
def receipt(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The signed statement about one file (核验凭据), to be checked without the portal."""
    found = _found(request, code)
    files = found.files if found else ()
    issued = next((each for each in files if each.kind == kind and each.receipt), None)
    if found is None or issued is None:
        return _unknown(request)
    response = HttpResponse(issued.receipt, content_type="text/plain; charset=utf-8")
    name = f"{found.paper.code}-{kind}.receipt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page(Audience.PUBLIC)
@_kept_nowhere
def keys(request: HttpRequest) -> HttpResponse:
    """The published keys with their fingerprints."""
    crumbs = [*_crumbs(url=reverse("verify:index")), ("公钥", None)]
    context = {"keys": list_keys(), "page_meta": _META, "breadcrumbs": crumbs}
    return render(request, "verify/keys.html", context)


@page(Audience.PUBLIC)
@_kept_nowhere
def keys_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return JsonResponse(keys_document(list_keys()))


@page(Audience.PUBLIC)
@_kept_nowhere
def script(request: HttpRequest) -> HttpResponse:
    """The program that verifies a file without the portal."""
    content = Path(verify_document.__file__).read_bytes()
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_document.py"'
    return response


def _found(request: HttpRequest, typed: str) -> Standing | None:
    """The document, or None for whatever is not one; raises Refused when asked in vain too often."""
    address = client_address(request)
    _require_patience(address)
    code = read_code(typed)
    paper = find_paper(code) if code else None
    if paper is None:
        count_miss(address)
        return None
    return standing_of(paper)


def _by_digest(request: HttpRequest, sha256: str) -> HttpResponse:
    address = client_address(request)
    _require_patience(address)
    issued = find_paper_file(sha256) if _DIGEST.fullmatch(sha256) else None
    if issued is None:
        count_miss(address)
        return _unknown(request, "verify/unknown_file.html")
    return _standing_page(request, standing_of(issued.paper), sha256)


def _require_patience(address: str | None) -> None:
    if is_over_limit(address):
        raise Refused(
            "verify_too_often",
            f"您所在的网络查询了过多不存在的核验码，请{WINDOW_SECONDS // 60}分钟后再试；急需核验请联系签发机关。",
            HTTPStatus.TOO_MANY_REQUESTS,
        )


def _digest_of_upload(request: HttpRequest) -> str:
    """The digest of the chosen file; raises Refused for none, or for one too large."""
    upload = request.FILES.get("file")
    if not isinstance(upload, DigestedUpload):
        raise Refused(
            "file_missing",
            "没有选择文件，未作核验。请返回上一页，选择要核验的PDF或Word文件后再试。",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    if upload.oversize:
        raise Refused(
            "file_too_large",
            f"“{upload.name}”超过{settings.FILES_MAX_BYTES // 1024**2}MB，签发的文件没有这样大，请核对是否选错。",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    return upload.sha256


def _standing_page(request: HttpRequest, found: Standing, sha256: str) -> HttpResponse:
    crumbs = [*_crumbs(url=reverse("verify:index")), (found.paper.number, None)]
    context = {
        "standing": found,
        "paper": found.paper,
        "compared": sha256,
        "match": found.match(sha256),
        "page_meta": _META,
        "breadcrumbs": crumbs,
    }
    return render(request, "verify/standing.html", context)


def _unknown(request: HttpRequest, template: str = "verify/unknown.html") -> HttpResponse:
    """One and the same answer for malformed codes and for codes never given."""
    context = {"error_code": "not_issued", "page_meta": _META, "breadcrumbs": _crumbs()}
    return render(request, template, context, status=HTTPStatus.NOT_FOUND)


def _crumbs(url: str | None = None) -> list[tuple[str, str | None]]:
    return [("首页", reverse("home:front")), ("公文核验", url)]
