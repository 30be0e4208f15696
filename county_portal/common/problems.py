"""Refusals as programs read them: RFC 9457 problem details with the same code and sentence that a page shows."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

# Below these only programs ask, and whatever goes wrong on the way is told to them in their form.
PREFIXES = ("/open/v1/", "/api/v1/")
MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: "请求无法识别",
    401: "令牌无效",
    403: "没有权限",
    404: "不存在",
    405: "方法不允许",
    409: "与现状不符",
    413: "内容过大",
    422: "内容有误",
    429: "请求过于频繁",
    500: "系统故障",
    503: "暂时不可用",
}


def speaks_problems(request: HttpRequest) -> bool:
    """Whether the request is a program's."""
    return f"{request.path_info}/".startswith(PREFIXES)


def problem(
    status: int, code: str, sentence: str, errors: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """The answer; each of `errors` says what is wrong with one `field`, with a code and a sentence of its own."""
    body: dict[str, object] = {
        "type": f"urn:county-portal:problem:{code}",
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "status": int(status),
        "code": code,
        "detail": sentence,
    }
    if errors:
        body["errors"] = [dict(error) for error in errors]
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )
    response["Cache-Control"] = "no-store"
    return response
