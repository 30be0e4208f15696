"""How an operation may be refused, as its OpenAPI description says it."""

from http import HTTPStatus
from typing import Any

from county_portal.common.access import Audience, Declaration
from county_portal.common.problems import MEDIA_TYPE
from opendata.schemas import Problem

_OPEN = {
    304: "内容没有变化",
    400: "请求无法识别",
    404: "不存在",
    422: "参数有误",
    429: "请求过于频繁",
}
_TOKEN = {
    400: "请求无法识别",
    401: "没有令牌，或令牌无效、过期、已停用",
    403: "令牌的范围或所属账号的岗位不允许",
    404: "不存在，或不在管辖范围内",
    422: "内容有误，errors逐项说明",
    429: "请求过于频繁",
}
_WRITE = {409: "与现状不符：他人已修改、未在开放时间，或幂等键已用于其他内容"}


def documented(declaration: Declaration, media: str) -> dict[int, dict[str, Any]]:
    """Responses besides the successful one, by status; that one too where it is text of a `media` type."""
    answered = {200: {"content": {media: {"schema": {"type": "string"}}}}} if media else {}
    if Audience.PUBLIC in declaration.audience:
        words = _OPEN
    else:
        words = _TOKEN | (_WRITE if "POST" in declaration.methods else {})
    return {**answered, **{status: _response(status, text) for status, text in words.items()}}


def _response(status: int, text: str) -> dict[str, Any]:
    if status == HTTPStatus.NOT_MODIFIED:
        return {"description": text}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def problem_schema() -> dict[str, Any]:
    """The shape of a refusal, and what it refers to, for the components."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "Problem": schema}
