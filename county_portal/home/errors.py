"""Error pages with a sentence and a machine-readable code; none of them shows what went wrong inside."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from county_portal.common.outages import is_database_away
from county_portal.common.problems import problem, speaks_problems


def _page(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if speaks_problems(request):
        return problem(status, code, sentence)
    context = {
        "error_code": code,
        "sentence": sentence,
        "request_id": getattr(request, "request_id", ""),
    }
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return _page(request, 400, "bad_request", "请求的内容无法识别，请返回上一页重新操作。")


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return _page(request, 403, "not_allowed", "您的岗位没有办理此事项的权限。")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, the same for what does not exist and what is somebody else's."""
    return _page(request, 404, "not_found", "页面不存在，或不在您的管辖范围内。")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away; rendered without asking the database anything."""
    if is_database_away(sys.exc_info()[1]):
        return _bare_page(503, "database_unavailable", request)
    return _bare_page(500, "server_error", request)


_FAULTS = {
    500: "系统出现故障，本次请求没有完成，请稍后重试。",
    503: "数据库暂时不可用，本次请求没有完成，请稍后重试。",
}


def _bare_page(status: int, code: str, request: HttpRequest) -> HttpResponse:
    if speaks_problems(request):
        return problem(status, code, _FAULTS[status])
    context = {"error_code": code, "request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old tab after logging in again, or a forged request."""
    return _page(
        request,
        403,
        "csrf_failed",
        "页面已过期或登录状态已变化，本次提交未执行。请返回上一页刷新后重新提交。",
    )
