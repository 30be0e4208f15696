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
    """An object of a document together with its path.

    With `faults` nothing is raised: each fault is added to the list, and what cannot be read reads as something
    harmless (an empty text, nothing, the first choice).
    """

    __slots__ = ("_absent", "_entries", "_faults", "path")

    def __init__(
        self,
        value: object,
        path: str,
        required: str,
        optional: str = "",
        faults: list[DocumentError] | None = None,
    ) -> None:
        """`required` and `optional` list the field names, separated by blanks."""
        self._faults, self.path = faults, path
        known = required.split()
        self._entries: dict[str, object] = value if isinstance(value, dict) else {}
        self._absent = {name for name in known if name not in self._entries}
        place = f"“{path or '文档'}”"
        if not isinstance(value, dict):
            self._report(DocumentError("not-an-object", f"{place}应当是一个对象。", path))
            return
        for name in known:
            if name in self._absent:
                self._report(DocumentError("field-missing", f"{place}缺少字段“{name}”。", path))
        for name in sorted(self._entries.keys() - {*known, *optional.split()}):
            self._report(DocumentError("field-unknown", f"{place}中有不认识的字段“{name}”。", path))

    def _report(self, fault: DocumentError) -> None:
        if self._faults is None:
            raise fault
        self._faults.append(fault)

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def raw(self, name: str) -> object:
        """The value as it stands, None where the field is absent."""
        return self._entries.get(name)

    def refuse(self, name: str, code: str, sentence: str) -> None:
        """Raise, or note down, that the value of this field will not do; once told absent is told enough."""
        if name not in self._absent:
            path = self.at(name)
            self._report(DocumentError(code, f"“{path}”{sentence}。", path))

    def text(self, name: str, *, blank: bool = False) -> str:
        value = self.raw(name)
        if isinstance(value, str) and (blank or value.strip()):
            return value
        self.refuse(name, "not-text", "应当是文字")
        return ""

    def constant(self, name: str, expected: str) -> None:
        if self.raw(name) != expected:
            self.refuse(name, "not-supported", f"只支持“{expected}”")

    def truth(self, name: str) -> bool:
        """True or false; an absent field is false."""
        value = self._entries.get(name, False)
        if isinstance(value, bool):
            return value
        self.refuse(name, "not-true-or-false", "应当是 true 或 false")
        return False

    def whole(self, name: str, lowest: int, highest: int) -> int:
        value = self.raw(name)
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return value
        self.refuse(name, "not-a-whole-number", f"应当是{lowest}至{highest}的整数")
        return lowest

    def number(self, name: str) -> Decimal:
        return self.decimal(self.raw(name), name)

    def optional_number(self, name: str) -> Decimal | None:
        return None if self.raw(name) is None else self.number(name)

    def decimal(self, value: object, name: str) -> Decimal:
        """Decimals are text, so that no reader turns them into binary fractions on the way."""
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return Decimal(value)
        self.refuse(
            name,
            "not-a-number",
            f"应当是写在引号里的数字，整数不超过{WHOLE_DIGITS}位，小数不超过{DECIMAL_DIGITS}位",
        )
        return Decimal(0)

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        value = self.raw(name)
        try:
            return choices(str(value))
        except ValueError:
            allowed = "、".join(choices)
            self.refuse(name, "not-a-choice", f"应当是以下之一：{allowed}")
            return next(iter(choices))

    def list(self, name: str) -> list[object]:
        """The list under a name; an absent field reads as an empty list."""
        value = self._entries.get(name, [])
        if isinstance(value, list):
            return value
        self.refuse(name, "not-a-list", "应当是一个列表")
        return []

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        return tuple(self.decimal(each, f"{name}[{i}]") for i, each in enumerate(self.list(name)))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, none of them blank."""
        values = self.list(name)
        texts = tuple(each for each in values if isinstance(each, str) and each.strip())
        if len(texts) != len(values):
            self.refuse(name, "not-texts", "应当是由文字组成的列表")
        return texts

    def text_groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, such as the groups of kinds that exclude each other."""
        groups = self.list(name)
        for group in groups:
            if not isinstance(group, list) or not all(isinstance(each, str) for each in group):
                self.refuse(name, "not-groups-of-texts", "应当是由文字列表组成的列表")
                return ()
        return tuple(tuple(group) for group in groups if isinstance(group, list))

    def kind(self, name: str) -> str:
        """The `kind` of the object under a name, before its other fields are known; blank if it has none."""
        value = self.raw(name)
        kind = value.get("kind") if isinstance(value, dict) else None
        return kind if isinstance(kind, str) else ""

    def child(self, name: str, required: str, optional: str = "") -> "Node":
        return Node(self.raw(name), self.at(name), required, optional, self._faults)

    def children(self, name: str, required: str, optional: str = "") -> Iterator["Node"]:
        for i, value in enumerate(self.list(name)):
            yield Node(value, f"{self.at(name)}[{i}]", required, optional, self._faults)
