"""Middleware of the kernel: request log, strict text, refusals as pages."""

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote_from_bytes, unquote_to_bytes

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from county_portal.common.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """One JSON line per request, with an id that the error pages show."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined] -- shown on error pages
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined] -- set above
        response = self.get_response(request)
        user = getattr(request, "user", None)
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
    """Malformed UTF-8 and NUL in path, query or form answer 400: they can only be an error or an attack."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._is_well_formed(request):
            return render(
                request,
                "errors/400.html",
                {"error_code": "malformed_text", "sentence": "提交的文字不是有效的UTF-8编码，请重新输入。"},
                status=HTTPStatus.BAD_REQUEST,
            )
        return self.get_response(request)

    def _is_well_formed(self, request: HttpRequest) -> bool:
        # WSGI has already percent-decoded the path, and only the path.
        path = quote_from_bytes(request.META.get("PATH_INFO", "").encode("latin-1", "replace"))
        raw = [
            path.encode(),
            request.META.get("QUERY_STRING", "").encode("latin-1", "replace"),
            request.META.get("HTTP_COOKIE", "").encode("latin-1", "replace"),
        ]
        if request.content_type == "application/x-www-form-urlencoded" and request.method == "POST":
            raw.append(request.body.replace(b"+", b" "))
        return all(map(_decodes, raw))


def _decodes(raw: bytes) -> bool:
    try:
        text = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


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
