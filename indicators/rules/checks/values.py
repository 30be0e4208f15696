"""Parameters of rules: what each is called, what it may be, and how it is read from what was typed.

A comparison is a closed structure of terms; nothing is ever evaluated as code.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain

Params = Mapping[str, Any]
OPERATORS = {"<=": "≤", ">=": "≥", "=": "="}
PART_WORDS = {"value": "数值", "numerator": "分子", "denominator": "分母"}
_PARTS = {word: part for part, word in PART_WORDS.items()}
MAX_TERMS = 12
MAX_NUMBER = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Term:
    """Coefficient times a part of a line."""

    coefficient: Decimal
    indicator: str
    part: str


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: `form` is decimal, integer, flag, operator or terms; blank only if `optional`."""

    key: str
    label: str
    form: str
    default: Any = None
    optional: bool = False
    least: Decimal = Decimal(0)
    most: Decimal = MAX_NUMBER
    hint: str = ""


def read_params(params: Sequence[Param], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as the evaluators take them.

    Raises Invalid with the parameter's key as field: unknown name, no number, out of bounds.
    """
    unknown = set(raw) - {param.key for param in params}
    if unknown:
        raise Invalid(
            "check_param_unknown",
            f"规则没有名为{min(unknown)}的参数，请对照核对规则的种类修改。",
        )
    return {param.key: _read(param, raw.get(param.key, param.default)) for param in params}


def _read(param: Param, raw: Any) -> Any:
    if raw is None or raw == "":
        if param.optional:
            return None
        raise _refusal(param, "未填写，请填写")
    match param.form:
        case "flag":
            return raw is True or str(raw).lower() in {"true", "on", "1"}
        case "operator":
            if raw not in OPERATORS:
                raise _refusal(param, "只能是“不大于”“不小于”“等于”之一，请重新选择")
            return raw
        case "terms":
            return read_terms(param, raw)
    return _number(param, raw)


def _number(param: Param, raw: Any) -> Decimal | int:
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise _refusal(param, f"填写的“{str(raw)[:20]}”不是数字，请改正") from None
    if not number.is_finite() or not param.least <= number <= param.most:
        raise _refusal(param, f"须在{plain(param.least)}到{plain(param.most)}之间，请改正")
    if param.form != "integer":
        return number
    if number != number.to_integral_value():
        raise _refusal(param, "须为整数，请改正")
    return int(number)


_TERM = re.compile(
    r"(?:(?P<coefficient>-?[0-9]+(?:\.[0-9]+)?)\s*[×x*]\s*)?(?P<indicator>[0-9A-Za-z-]{1,20})\s*"
    r"(?P<part>数值|分子|分母)"
)


def read_terms(param: Param, raw: Any) -> tuple[Term, ...]:
    """Terms from their stored structure, or from text: one a line, such as `100 × 05分子`."""
    if isinstance(raw, str):
        lines = [line.strip() for line in raw.splitlines() if line.strip()]
        terms = tuple(_typed_term(param, line) for line in lines)
    else:
        terms = tuple(_stored_term(param, entry) for entry in raw)
    if not 1 <= len(terms) <= MAX_TERMS:
        raise _refusal(param, f"须有1至{MAX_TERMS}项，每行一项，请改正")
    return terms


def _typed_term(param: Param, line: str) -> Term:
    found = _TERM.fullmatch(line)
    if not found:
        raise _refusal(
            param, f"中的“{line[:40]}”无法识别，请按“系数 × 指标代码 数值（或分子、分母）”书写"
        )
    coefficient = Decimal(found["coefficient"] or 1)
    return Term(coefficient, found["indicator"], _PARTS[found["part"]])


def _stored_term(param: Param, entry: Any) -> Term:
    try:
        term = Term(Decimal(entry["coefficient"]), str(entry["indicator"]), str(entry["part"]))
    except (KeyError, TypeError, InvalidOperation):
        raise _refusal(param, "的结构不完整，请重新填写") from None
    if term.part not in PART_WORDS or not term.coefficient.is_finite():
        raise _refusal(param, "的结构不完整，请重新填写")
    return term


def stored_params(params: Sequence[Param], read: Params) -> dict[str, Any]:
    """Parameters as plain JSON, the counterpart of `read_params`."""
    return {param.key: _stored(read[param.key]) for param in params}


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return [
            {"coefficient": plain(each.coefficient), "indicator": each.indicator, "part": each.part}
            for each in value
        ]
    return value


def typed_param(value: Any) -> Any:
    """A parameter as its field shows it."""
    if isinstance(value, tuple):
        return "\n".join(term_words(term) for term in value)
    return plain(value) if isinstance(value, Decimal) else value


def term_words(term: Term) -> str:
    """A term as it is typed."""
    front = "" if term.coefficient == 1 else f"{plain(term.coefficient)} × "
    return f"{front}{term.indicator}{PART_WORDS[term.part]}"


def words_of(params: Sequence[Param], read: Params) -> list[str]:
    """Parameters in words, for a table."""
    return [
        f"{param.label}：{_words(param, read[param.key])}"
        for param in params
        if read[param.key] is not None
    ]


def _words(param: Param, value: Any) -> str:
    if param.form == "flag":
        return "是" if value else "否"
    if param.form == "operator":
        return OPERATORS[value]
    if param.form == "terms":
        return " + ".join(term_words(term) for term in value)
    return plain(value) if isinstance(value, Decimal) else str(value)


def _refusal(param: Param, words: str) -> Invalid:
    return Invalid("check_param_invalid", f"参数“{param.label}”{words}。", param.key)
