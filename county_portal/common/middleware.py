"""Middleware of the kernel: request log, strict text, refusals as pages."""

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from county_portal.common.errors import Refused
from county_portal.common.problems import problem, speaks_problems

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """One JSON line per request, with an id that the error pages show."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        request_id = uuid.uuid4().hex[:12]
        request.request_id = request_id  # type: ignore[attr-defined]  # shown on error pages
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        # Only a user already loaded: asking now could fail with the database, or cost a query.
        user = getattr(request, "_cached_user", None)
        structlog.contextvars.bind_contextvars(
            method=request.method,
            path=request.path,
            status=response.status_code,
            login=user.get_username() if user is not None and user.is_authenticated else "",
            milliseconds=int((time.monotonic() - started) * 1000),
        )
        structlog.stdlib.get_logger("portal.request").info("request")
        structlog.contextvars.clear_contextvars()
        return response


class StrictTextMiddleware:
    """Malformed UTF-8 and NUL in path, query, form or cookie answer 400: they are an error or an attack.

    PostgreSQL takes no NUL, so that letting it through would end in a 500.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request) if _is_well_formed(request) else _malformed(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Look into multipart forms once they are parsed, as CSRF is about to do anyway.

        Django replaces what it cannot decode there; the sign of replacement gives it away.
        """
        if request.content_type != "multipart/form-data":
            return None
        texts = (text for key, values in request.POST.lists() for text in (key, *values))
        return _malformed(request) if any("\x00" in t or "\ufffd" in t for t in texts) else None


def _malformed(request: HttpRequest) -> HttpResponse:
    code, sentence = "malformed_text", "提交的文字不是有效的UTF-8编码，请重新输入。"
    if speaks_problems(request):
        return problem(HTTPStatus.BAD_REQUEST, code, sentence)
    context = {"error_code": code, "sentence": sentence}
    return render(request, "errors/400.html", context, status=HTTPStatus.BAD_REQUEST)


def _is_well_formed(request: HttpRequest) -> bool:
    # Django writes the bytes of a path that it cannot decode as %FF; nobody percent-decodes a cookie.
    escaped = [request.path_info.encode(), _bytes_of(request, "QUERY_STRING")]
    if request.content_type == "application/x-www-form-urlencoded" and request.method == "POST":
        escaped.append(request.body)
    headers = (str(value) for name, value in request.META.items() if name.startswith("HTTP_"))
    return (
        all(_decodes(unquote_to_bytes(raw)) for raw in escaped)
        and _decodes(_bytes_of(request, "HTTP_COOKIE"))
        # A quoted cookie may spell NUL as \\000.
        and not any("\x00" in text for text in (*headers, *request.COOKIES.values()))
    )


def _bytes_of(request: HttpRequest, name: str) -> bytes:
    """What the client sent; WSGI hands bytes over as latin-1."""
    return str(request.META.get(name, "")).encode("latin-1", "replace")


def _decodes(raw: bytes) -> bool:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


class CookielessMiddleware:
    """Programs are known by their tokens or not at all: a cookie sent along is dropped before anybody reads it.

    So that no session opens the interface, and what it hands out is the same for everybody and may be kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not speaks_problems(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        response = self.get_response(request)
        varying = [part.strip() for part in response.headers.get("Vary", "").split(",")]
        kept = [part for part in varying if part and part.lower() != "cookie"]
        del response["Vary"]
        if kept:
            response["Vary"] = ", ".join(kept)
        return response


class RefusalMiddleware:
    """Turn a refusal that a view did not word itself into a page, or JSON where JSON was asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a Refused with its status, sentence and code."""
        if not isinstance(error, Refused):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(
                {"code": error.code, "sentence": error.sentence}, status=error.status
            )
        known = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}
        template = error.status if error.status in known else HTTPStatus.CONFLICT
        return render(
            request,
            f"errors/{int(template)}.html",
            {"error_code": error.code, "sentence": error.sentence},
            status=error.status,
        )
