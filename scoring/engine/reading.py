"""Reading JSON documents: every value is asked for by kind, and a refusal says where it stands."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from scoring.engine.errors import DocumentError
from scoring.engine.numbers import DECIMAL_DIGITS, WHOLE_DIGITS

Choice = TypeVar("Choice", bound=StrEnum)

# [0-9] and not \d, which would let full-width digits into a canonical document
_NUMBER: Final = re.compile(
    rf"-?(0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}})(\.[0-9]{{1,{DECIMAL_DIGITS}}})?"
)


def parse_json(content: bytes | str) -> object:
    """Parse JSON text, refusing repeated keys, which json.loads would silently let win."""
    try:
        return json.loads(content, object_pairs_hook=_unrepeated)
    except ValueError as problem:
        raise DocumentError("not-json", "内容不是有效的 JSON 文档。") from problem


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise DocumentError("key-repeated", "同一对象中有重复的字段名。")
    return entries


class Node:
    """An object of a document together with its path."""

    __slots__ = ("_entries", "path")

    def __init__(self, value: object, path: str, required: str, optional: str = "") -> None:
        """`required` and `optional` list the field names, separated by blanks."""
        if not isinstance(value, dict):
            raise DocumentError("not-an-object", f"“{path or '文档'}”应当是一个对象。", path)
        known = required.split()
        for name in known:
            if name not in value:
                raise DocumentError("field-missing", f"“{path or '文档'}”缺少字段“{name}”。", path)
        unknown = sorted(value.keys() - {*known, *optional.split()})
        if unknown:
            raise DocumentError(
                "field-unknown", f"“{path or '文档'}”中有不认识的字段“{unknown[0]}”。", path
            )
        self._entries: dict[str, object] = value
        self.path = path

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def raw(self, name: str) -> object:
        """The value as it stands, None where the field is absent."""
        return self._entries.get(name)

    def refuse(self, name: str, code: str, sentence: str) -> DocumentError:
        path = self.at(name)
        return DocumentError(code, f"“{path}”{sentence}。", path)

    def text(self, name: str, *, blank: bool = False) -> str:
        value = self.raw(name)
        if not isinstance(value, str) or not (blank or value.strip()):
            raise self.refuse(name, "not-text", "应当是文字")
        return value

    def constant(self, name: str, expected: str) -> None:
        if self.raw(name) != expected:
            raise self.refuse(name, "not-supported", f"只支持“{expected}”")

    def whole(self, name: str, lowest: int, highest: int) -> int:
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise self.refuse(name, "not-a-whole-number", f"应当是{lowest}至{highest}的整数")
        return value

    def number(self, name: str) -> Decimal:
        return self.decimal(self.raw(name), name)

    def optional_number(self, name: str) -> Decimal | None:
        return None if self.raw(name) is None else self.number(name)

    def decimal(self, value: object, name: str) -> Decimal:
        """Decimals are text, so that no reader turns them into binary fractions on the way."""
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            raise self.refuse(
                name,
                "not-a-number",
                f"应当是写在引号里的数字，整数不超过{WHOLE_DIGITS}位，小数不超过{DECIMAL_DIGITS}位",
            )
        return Decimal(value)

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        value = self.raw(name)
        try:
            return choices(str(value))
        except ValueError:
            allowed = "、".join(choices)
            raise self.refuse(name, "not-a-choice", f"应当是以下之一：{allowed}") from None

    def list(self, name: str) -> list[object]:
        """The list under a name; an absent field reads as an empty list."""
        value = self._entries.get(name, [])
        if not isinstance(value, list):
            raise self.refuse(name, "not-a-list", "应当是一个列表")
        return value

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        return tuple(self.decimal(each, f"{name}[{i}]") for i, each in enumerate(self.list(name)))

    def text_groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, such as the groups of kinds that exclude each other."""
        groups = self.list(name)
        for group in groups:
            if not isinstance(group, list) or not all(isinstance(each, str) for each in group):
                raise self.refuse(name, "not-groups-of-texts", "应当是由文字列表组成的列表")
        return tuple(tuple(group) for group in groups if isinstance(group, list))

    def child(self, name: str, required: str, optional: str = "") -> "Node":
        return Node(self.raw(name), self.at(name), required, optional)

    def children(self, name: str, required: str, optional: str = "") -> Iterator["Node"]:
        for i, value in enumerate(self.list(name)):
            yield Node(value, f"{self.at(name)}[{i}]", required, optional)
