"""What is wrong with a request, in words: pydantic's findings by their kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Kind of finding -> reason and remedy; what stands in braces is the finding's own.
_SENTENCES = {
    "missing": "缺少，请补上",
    "extra_forbidden": "不是本接口的字段，请删去或核对字段名",
    "int_parsing": "不是整数，请填写整数",
    "int_type": "不是整数，请填写整数",
    "int_from_float": "不是整数，请填写整数",
    "string_type": "不是文本，请写成JSON字符串（数值也写成文本）",
    "string_too_long": "超过{max_length}个字符，请缩短",
    "string_too_short": "少于{min_length}个字符，请补全",
    "string_pattern_mismatch": "格式不符合要求（{pattern}），请核对",
    "greater_than_equal": "小于{ge}，请填写不小于{ge}的数",
    "less_than_equal": "大于{le}，请填写不大于{le}的数",
    "list_type": "不是列表，请写成JSON数组",
    "too_long": "超过{max_length}项，请分次提交",
    "too_short": "没有内容，至少{min_length}项",
    "uuid_parsing": "不是有效的编号（UUID），请核对",
    "literal_error": "不在可选值之内，可用：{expected}",
    "enum": "不在可选值之内，可用：{expected}",
    "bool_parsing": "不是真假值，请填写true或false",
}
# Characters of a name that a fault repeats.
SHOWN = 60
_OTHER = "格式不符合要求，请对照接口说明改正"
# Where a finding lies, by ninja's words.
_PLACES = {"query": "查询参数", "path": "地址", "body": "正文", "header": "请求头"}


def faults_of(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each finding as field, code and sentence; a body's field is named as a path: figures.2.code."""
    return [_fault(finding) for finding in findings]


def _fault(finding: Mapping[str, Any]) -> dict[str, str]:
    place, field = _located(finding.get("loc", ()))
    kind = str(finding.get("type", ""))
    words = _SENTENCES.get(kind, _OTHER)
    reason = words.format_map(_Known(finding.get("ctx", {})))
    where = f"{place}“{field}”" if field else place
    return {"field": field, "code": kind, "sentence": f"{where}{reason}。"}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "规定的范围"


def _located(loc: Sequence[object]) -> tuple[str, str]:
    """The place in words and the path within it; ninja puts the name of the parameter before a body's path."""
    place = str(loc[0]) if loc else ""
    # The name of a field that is none comes from the sender, who may write half a character.
    parts = [str(part).encode("utf-8", "replace").decode()[:SHOWN] for part in loc[1:]]
    if place == "body" and len(parts) > 1:
        parts = parts[1:]
    return _PLACES.get(place, "请求"), ".".join(parts)
