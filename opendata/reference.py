"""The OpenAPI document as a page can print it: operations by group, shapes as tables of fields. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_TYPES = {
    "string": "文本",
    "integer": "整数",
    "boolean": "真假",
    "array": "列表",
    "object": "对象",
    "null": "空",
}
_FORMATS = {"date": "日期", "date-time": "时间", "uuid": "编号（UUID）"}
_PLACES = {"query": "查询参数", "path": "地址", "header": "请求头"}


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A parameter or a field of a shape."""

    name: str
    title: str
    kind: str
    note: str
    is_required: bool
    shape: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    status: str
    words: str
    shape: str
    shape_title: str


@dataclass(frozen=True, slots=True)
class OperationWords:
    """An operation; `anchor` is its place on the page."""

    anchor: str
    method: str
    path: str
    title: str
    description: str
    parameters: Sequence[FieldWords]
    body: str
    body_title: str
    answers: Sequence[Answer]
    needs_token: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A named object; `title` is what it is in Chinese, `name` what programs call it."""

    name: str
    title: str
    description: str
    fields: Sequence[FieldWords]


def operations_of(document: Mapping[str, Any]) -> dict[str, list[OperationWords]]:
    """Operations by their group, in the document's order."""
    groups: dict[str, list[OperationWords]] = {}
    titles = {
        name: str(shape.get("title", ""))
        for name, shape in document["components"]["schemas"].items()
    }
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                group = (item[method].get("tags") or [""])[0]
                groups.setdefault(group, []).append(_operation(path, method, item[method], titles))
    return groups


def _operation(
    path: str, method: str, details: Mapping[str, Any], titles: Mapping[str, str]
) -> OperationWords:
    body = _content_shape(details.get("requestBody", {}))
    answers = [
        (str(status), each, _content_shape(each)) for status, each in details["responses"].items()
    ]
    return OperationWords(
        anchor=details["operationId"],
        method=method.upper(),
        path=path,
        title=details["summary"],
        description=details.get("description", ""),
        parameters=[_parameter(each) for each in details.get("parameters", ())],
        body=body,
        body_title=titles.get(body, ""),
        answers=[
            Answer(status, _said(status, each), shape, titles.get(shape, ""))
            for status, each, shape in answers
        ],
        needs_token="security" in details,
    )


def _said(status: object, answer: Mapping[str, Any]) -> str:
    return "成功" if str(status) == "200" else str(answer.get("description", ""))


def _parameter(details: Mapping[str, Any]) -> FieldWords:
    field = _field(details["name"], details.get("schema", {}), is_required=details["required"])
    return FieldWords(
        field.name,
        field.title,
        field.kind,
        field.note,
        field.is_required,
        place=_PLACES.get(details["in"], details["in"]),
    )


def shapes_of(document: Mapping[str, Any]) -> list[Shape]:
    """Every named object that is not a plain list of choices, by name."""
    schemas = document["components"]["schemas"]
    return [
        _shape(name, schemas[name]) for name in sorted(schemas) if "properties" in schemas[name]
    ]


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = set(schema.get("required", ()))
    fields = [
        _field(field, details, is_required=field in required)
        for field, details in schema["properties"].items()
    ]
    return Shape(name, schema.get("title", ""), schema.get("description", ""), fields)


def fields_of(schema: Mapping[str, Any]) -> Sequence[FieldWords]:
    """The fields of one shape given as JSON schema."""
    return _shape("", schema).fields


def _field(name: str, details: Mapping[str, Any], *, is_required: bool) -> FieldWords:
    note = details.get("description", "") or next(
        (option["description"] for option in details.get("anyOf", ()) if "description" in option),
        "",
    )
    return FieldWords(
        name=name,
        title=details.get("title", ""),
        kind=_kind(details),
        note=note,
        is_required=is_required,
        shape=next(_references(details), ""),
    )


def _kind(details: Mapping[str, Any]) -> str:
    if "anyOf" in details:
        return "或".join(dict.fromkeys(_kind(option) for option in details["anyOf"]))
    if "enum" in details:
        return "、".join(map(str, details["enum"]))
    if "format" in details and details["format"] in _FORMATS:
        return _FORMATS[details["format"]]
    kind = details.get("type", "object" if "$ref" in details else "")
    return _TYPES.get(kind, str(kind))


def _references(details: Mapping[str, Any]) -> Iterator[str]:
    """Names of the shapes it speaks of."""
    if "$ref" in details:
        yield str(details["$ref"]).rpartition("/")[2]
    if "items" in details:
        yield from _references(details["items"])
    for option in details.get("anyOf", ()):
        yield from _references(option)


def _content_shape(answer: Mapping[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        found = next(_references(content.get("schema", {})), "")
        if found:
            return found
    return ""
