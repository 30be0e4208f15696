"""A rule as typed: from a page to the document and back, rows and classes of counties included.

What was typed is kept as texts until it reads; adding or taking away a row saves nothing. Names of inputs follow the
document: `rule-max`, `rule-2-from` (third row), `rule-g0-codes` (first class of counties), `rule-g0-rule-max`,
`rule-other-max`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text
from scoring.forms.rule_fields import FIELDS, ROW_NOUNS, ROWS, Entry, Field
from scoring.schemes.expressions import MAX_LENGTH, formula_text, read_formula
from scoring.schemes.words import FIGURE_KINDS, KINDS

MAX_ROWS, MAX_GROUPS, MAX_TEXT = 60, 12, 120
_MAX_CODES = 40_000

Errors = dict[str, str]
Counties = Mapping[str, str]


@dataclass(slots=True)
class TypedGroup:
    """A class of counties as typed; `counties` one a line, code or name."""

    name: str
    counties: str
    rule: "TypedRule"
    pattern: str = ""


@dataclass(slots=True)
class TypedRule:
    """A rule as typed: texts only."""

    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    groups: list[TypedGroup] = field(default_factory=list)
    other: "TypedRule | None" = None

    @classmethod
    def blank(cls, kind: str) -> "TypedRule":
        """A rule of a kind with what is usual filled in."""
        made = cls(kind, {each.key: each.default for each in FIELDS[kind]})
        made.rows = [blank_row(kind)] * 2 if kind in ROWS else []
        if kind == "by-peer":
            made.groups = [TypedGroup("", "", cls.blank("piecewise"))]
            made.other = cls.blank("piecewise")
        return made


def blank_row(kind: str) -> dict[str, str]:
    """A row with nothing in it."""
    return {each.key: "" for each in ROWS[kind]}


def typed_of(rule: Mapping[str, Any], counties: Counties) -> TypedRule:
    """What a form shows of a rule of a document."""
    kind = rule["kind"]
    typed = TypedRule(kind, {each.key: _shown(rule, each) for each in FIELDS[kind]})
    if kind == "piecewise":
        typed.rows = [{key: band[key] or "" for key in band} for band in rule["bands"]]
    elif kind == "itemised":
        typed.rows = [_item_row(item, rule.get("exclusive", [])) for item in rule["items"]]
    elif kind == "by-peer":
        typed.groups = [
            TypedGroup(
                group["name"],
                counties_text(group["codes"], counties),
                typed_of(group["rule"], counties),
            )
            for group in rule["groups"]
        ]
        typed.other = typed_of(rule["otherwise"], counties)
    return typed


def _shown(rule: Mapping[str, Any], each: Field) -> str:
    value = rule.get(each.key)
    if each.entry is Entry.CHECK:
        return "on" if value else ""
    if each.entry is Entry.FORMULA:
        return formula_text(value or ["value"])
    return each.default if value is None else str(value)


def _item_row(item: Mapping[str, Any], exclusive: list[list[str]]) -> dict[str, str]:
    mark = next((str(i) for i, group in enumerate(exclusive, 1) if item["code"] in group), "")
    return {
        "code": item["code"],
        "name": item["name"],
        "points": item["points"] or "",
        "at_most": item.get("at_most") or "",
        "exclusive": mark,
    }


def counties_text(codes: Any, counties: Counties) -> str:
    """Counties one a line; one that is no more keeps its code."""
    return "\n".join(f"{code} {counties.get(code, '')}".strip() for code in codes)


# From the page


def typed_from(posted: Mapping[str, str], prefix: str) -> TypedRule:
    """What somebody typed, whatever it is; an unknown kind reads as the first."""
    kind = posted.get(f"{prefix}-kind", "")
    allowed = KINDS if prefix == "rule" else FIGURE_KINDS
    if kind not in allowed:
        kind = "piecewise"
    if posted.get(f"{prefix}-shown", kind) != kind:
        return TypedRule.blank(kind)
    typed = TypedRule(
        kind, {each.key: _text(posted, f"{prefix}-{each.key}") for each in FIELDS[kind]}
    )
    typed.rows = [
        {each.key: _text(posted, f"{prefix}-{i}-{each.key}") for each in ROWS[kind]}
        for i in range(_count(posted, f"{prefix}-rows", MAX_ROWS) if kind in ROWS else 0)
    ]
    if kind == "by-peer":
        typed.groups = [
            TypedGroup(
                _text(posted, f"{prefix}-g{i}-name"),
                posted.get(f"{prefix}-g{i}-codes", "")[:_MAX_CODES],
                typed_from(posted, f"{prefix}-g{i}-rule"),
                _text(posted, f"{prefix}-g{i}-pattern"),
            )
            for i in range(_count(posted, f"{prefix}-groups", MAX_GROUPS))
        ]
        typed.other = typed_from(posted, f"{prefix}-other")
    return typed


def changes_kind(posted: Mapping[str, str]) -> bool:
    """Whether another kind was chosen than the fields on the page are of: its fields must be shown first."""
    shown = [key for key in posted if key.endswith("-shown") and key.startswith("rule")]
    return any(posted[key] != posted.get(f"{key.removesuffix('-shown')}-kind") for key in shown)


def _text(posted: Mapping[str, str], name: str) -> str:
    return posted.get(name, "")[: MAX_LENGTH + 1]


def _count(posted: Mapping[str, str], name: str, most: int) -> int:
    text = posted.get(name, "")
    return min(int(text), most) if re.fullmatch("[0-9]{1,3}", text) else 0


def worked(typed: TypedRule, prefix: str, act: str, counties: Counties) -> None:
    """Do what a button asked of rows and classes: `add:rule`, `drop:rule:2`, `add-group:rule`, `drop-group:rule:0`,
    `pick:rule:0`. An act that fits nothing here is passed over."""
    name, _, rest = act.partition(":")
    target, _, place = rest.partition(":")
    if target == prefix:
        _work(typed, name, int(place) if place.isascii() and place.isdigit() else -1, counties)
    for i, group in enumerate(typed.groups):
        worked(group.rule, f"{prefix}-g{i}-rule", act, counties)
    if typed.other:
        worked(typed.other, f"{prefix}-other", act, counties)


def _work(typed: TypedRule, name: str, place: int, counties: Counties) -> None:
    if name == "add" and typed.kind in ROWS and len(typed.rows) < MAX_ROWS:
        typed.rows.append(blank_row(typed.kind))
    elif name == "drop" and 0 <= place < len(typed.rows):
        del typed.rows[place]
    elif name == "add-group" and len(typed.groups) < MAX_GROUPS:
        typed.groups.append(TypedGroup("", "", TypedRule.blank("piecewise")))
    elif name == "drop-group" and 0 <= place < len(typed.groups):
        del typed.groups[place]
    elif name == "pick" and 0 <= place < len(typed.groups):
        _pick(typed.groups[place], counties)


def _pick(group: TypedGroup, counties: Counties) -> None:
    """Add every county whose name holds the typed words, e.g. 区 or 石家庄."""
    words = group.pattern.split()
    listed = {line.split(" ")[0] for line in group.counties.splitlines() if line.strip()}
    found = [
        code
        for code, name in counties.items()
        if words and all(_names(word, code, name) for word in words)
    ]
    lines = [line.strip() for line in group.counties.splitlines() if line.strip()]
    added = [code for code in found if code not in listed]
    group.counties = "\n".join([*lines, *counties_text(added, counties).splitlines()])


def _names(word: str, code: str, name: str) -> bool:
    """Whether a typed word fits a county: one character is how its name ends (市, 县, 区), more stand anywhere."""
    return name.endswith(word) if len(word) == 1 else word in name or code.startswith(word)


# To the document


def rule_from(typed: TypedRule, prefix: str, counties: Counties, errors: Errors) -> dict[str, Any]:
    """The rule as the document holds it; what does not read is noted in `errors` by the input's name."""
    rule: dict[str, Any] = {"kind": typed.kind}
    for each in FIELDS[typed.kind]:
        value = _read(
            typed.fields.get(each.key, ""), each, f"{prefix}-{each.key}", each.label, errors
        )
        if _is_written(typed, each, value):
            rule[each.key] = value
    if typed.kind == "piecewise":
        rule["bands"] = _rows(typed, prefix, errors)
    elif typed.kind == "itemised":
        rule["items"], rule["exclusive"] = _items(_rows(typed, prefix, errors))
    elif typed.kind == "by-peer":
        rule["groups"] = [
            _group(group, f"{prefix}-g{i}", i + 1, counties, errors)
            for i, group in enumerate(typed.groups)
        ]
        other = typed.other or TypedRule.blank("piecewise")
        rule["otherwise"] = rule_from(other, f"{prefix}-other", counties, errors)
    return rule


def _is_written(typed: TypedRule, each: Field, value: object) -> bool:
    """Optional keys stand in the document only where they are used."""
    if each.key == "allows_jumps":
        return bool(value)
    return each.key != "trim" or typed.fields.get("method") == "trimmed-mean"


def _rows(typed: TypedRule, prefix: str, errors: Errors) -> list[dict[str, Any]]:
    noun = ROW_NOUNS[typed.kind]
    rows = []
    for i, row in enumerate(typed.rows):
        if not any(text.strip() for text in row.values()):
            continue
        rows.append(
            {
                each.key: _read(
                    row.get(each.key, ""),
                    each,
                    f"{prefix}-{i}-{each.key}",
                    f"第{i + 1}行{noun}的{each.label}",
                    errors,
                )
                for each in ROWS[typed.kind]
            }
        )
    return rows


def _items(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Items, and the groups of those with the same mark in the order of the marks."""
    marked: dict[int, list[str]] = {}
    items = []
    for row in rows:
        mark = row.pop("exclusive")
        if mark is not None:
            marked.setdefault(mark, []).append(row["code"])
        if row["at_most"] is None:
            del row["at_most"]
        items.append(row)
    return items, [marked[mark] for mark in sorted(marked)]


def _group(
    group: TypedGroup, prefix: str, place: int, counties: Counties, errors: Errors
) -> dict[str, Any]:
    name = _read(
        group.name, Field("name", "", Entry.TEXT), f"{prefix}-name", f"第{place}组的名称", errors
    )
    codes = _codes(group.counties, f"{prefix}-codes", f"第{place}组", counties, errors)
    rule = rule_from(group.rule, f"{prefix}-rule", counties, errors)
    return {"name": name, "codes": codes, "rule": rule}


def _codes(text: str, name: str, label: str, counties: Counties, errors: Errors) -> list[str]:
    """Region codes of the lines, each a code or a full name."""
    by_name = {each: code for code, each in counties.items()}
    codes: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        code = words[0] if words[0] in counties else _code_of("".join(words), by_name)
        if not code:
            errors[name] = (
                f"{label}中“{line.strip()[:30]}”不是县（市、区）的代码或全称，请核对后每行写一个。"
            )
            break
        if code not in codes:
            codes.append(code)
    if not codes and name not in errors:
        errors[name] = f"{label}还没有县（市、区），请填写或按名称挑选。"
    return sorted(codes)


def _code_of(name: str, by_name: Mapping[str, str]) -> str:
    """The code of a full name, or of the one county whose name ends so; blank where that leaves a doubt."""
    found = [code for full, code in by_name.items() if full.endswith(name)]
    return by_name.get(name) or (found[0] if len(found) == 1 else "")


def _read(text: str, each: Field, name: str, label: str, errors: Errors) -> Any:
    try:
        return _READERS[each.entry](text, each, label)
    except Invalid as refusal:
        errors[name] = refusal.sentence
        return ["value"] if each.entry is Entry.FORMULA else "0"


def _read_number(text: str, each: Field, label: str) -> str:
    number = _read_optional(text, each, label)
    if number is None:
        raise Invalid("number_blank", f"请填写{label}。")
    return number


def _read_optional(text: str, each: Field, label: str) -> str | None:
    percent = NumberFormat(unit="%" if "%" in each.label else "", negative_allowed=True)
    number = parse_number(text, percent, label)
    return None if number is None else plain(number)


def _read_whole(text: str, each: Field, label: str) -> int:
    number = parse_number(text or each.default, NumberFormat(integer=True), label)
    return int(number or 0)


def _read_mark(text: str, each: Field, label: str) -> int | None:
    del each
    number = parse_number(text, NumberFormat(integer=True), label)
    return None if number is None else int(number)


def _read_text(text: str, each: Field, label: str) -> str:
    del each
    try:
        words = clean_text(text)
    except ValueError as error:
        raise Invalid(
            "text_control_character", f"{label}含有不可见的控制字符，请重新输入。"
        ) from error
    if not words or len(words) > MAX_TEXT:
        raise Invalid("text_blank_or_long", f"请填写{label}，最多{MAX_TEXT}字。")
    return words


def _read_choice(text: str, each: Field, label: str) -> str:
    if text not in dict(each.choices):
        raise Invalid("choice_unknown", f"请选择{label}。")
    return text


def _read_check(text: str, each: Field, label: str) -> bool:
    del each, label
    return bool(text)


def _read_formula(text: str, each: Field, label: str) -> list[Any]:
    del each, label
    return read_formula(text)


_READERS: Mapping[Entry, Any] = {
    Entry.NUMBER: _read_number,
    Entry.OPTIONAL: _read_optional,
    Entry.WHOLE: _read_whole,
    Entry.TEXT: _read_text,
    Entry.CHECK: _read_check,
    Entry.CHOICE: _read_choice,
    Entry.FORMULA: _read_formula,
    Entry.MARK: _read_mark,
}
