"""Operations of the interface: ninja's routes with the house's declaration, or no route at all.

`operation` is the only way an operation gets its declaration; one added to ninja's router directly has none, and
`manage.py check` fails on it as on any other view.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from county_portal.common.access import Audience, Declaration, View, declare
from county_portal.common.errors import Invalid, Refused
from county_portal.common.problems import problem
from opendata.bearer import BearerToken
from opendata.enums import Scope
from opendata.faults import faults_of
from opendata.limits import seconds_left
from opendata.problem_docs import documented

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
_DECLARED: dict[str, Declaration] = {}


def operation(
    router: Router,
    route: str,
    *,
    scope: Scope | None,
    method: str = "GET",
    objects: Mapping[str, str] | None = None,
    media: str = "",
    **described: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an operation with its declaration; `described` goes to ninja, `media` says what is no JSON.

    `scope` is what a token must have for it; None opens it to everybody, to any page of any site too, so that it
    answers OPTIONS.
    """
    audience = Audience.TOKEN if scope else Audience.PUBLIC
    methods = (method,) if scope else (method, "OPTIONS")
    declaration = Declaration((str(audience),), methods, dict(objects or {}))

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        _DECLARED[view.__name__] = declaration
        extra: dict[str, Any] = {"openapi_extra": {"responses": documented(declaration, media)}}
        auth = BearerToken(scope) if scope else None
        added: Callable[..., Any] = router.api_operation(
            [method],
            route,
            auth=auth,
            url_name=view.__name__,
            operation_id=view.__name__,
            **extra,
            **described,
        )(view)
        return added

    return decorate


def patterns(api: NinjaAPI) -> list[URLPattern]:
    """The URL patterns of all operations, guarded; what was not declared stays bare and fails the check."""
    found = []
    for pattern in api.urls[0]:
        if not isinstance(pattern, URLPattern) or pattern.name == "api-root":
            continue
        declaration = _DECLARED.get(str(pattern.name))
        view = guarded(pattern.callback, declaration) if declaration else pattern.callback
        found.append(path(str(pattern.pattern), view, name=str(pattern.name)))
    return found


def guarded(view: View, declaration: Declaration) -> View:
    """The view behind its declaration: other methods are refused in the form that programs read."""
    is_open = Audience.PUBLIC in declaration.audience
    allowed = {*declaration.methods, *(["HEAD"] if "GET" in declaration.methods else [])}

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in allowed:
            sentence = f"本地址不接受{request.method}请求，可用：{'、'.join(sorted(allowed))}。"
            response: HttpResponseBase = problem(405, "method_not_allowed", sentence)
            response["Allow"] = ", ".join(sorted(allowed))
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=_PREFLIGHT)
        else:
            response = _run(view, request, *args, **kwargs)
        if is_open:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After"
        response.setdefault("Cache-Control", "no-store")
        return response

    return declare(answer, declaration)


def _run(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Ninja knows nothing of HEAD, which is a GET whose body the server leaves out."""
    method = request.method
    if method == "HEAD":
        request.method = "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def answer_refusals(api: NinjaAPI) -> None:
    """Let the interface answer every refusal as problem details, in Chinese."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    field = refusal.field if isinstance(refusal, Invalid) else ""
    errors = [{"field": field, "code": refusal.code, "sentence": refusal.sentence}] if field else []
    errors = getattr(refusal, "errors", errors)
    response = problem(refusal.status, refusal.code, refusal.sentence, errors)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="county-portal"'
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(seconds_left())
    return response


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "not_found", "没有这一项，或不在令牌所属单位的管辖范围内。")


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = faults_of(error.errors)
    sentence = f"请求中有{len(errors)}处不符合要求，没有执行。请按各项说明改正后重新提交。"
    return problem(422, "request_invalid", sentence, errors)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        error.status_code, "body_unreadable", "请求正文不是有效的JSON，请核对后重新提交。"
    )


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    """Ours: Django logs it and answers 500 or 503."""
    raise error
