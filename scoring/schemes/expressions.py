"""Formulas as officials write them, 最大(0, 值 × 2 − 1), to the scheme's closed tree and back; nothing is evaluated.

    formula  = product { ("+" | "−") product }
    product  = factor { ("×" | "÷") factor }
    factor   = number | 值 | 分子 | 分母 | "(" formula ")" | 最大(…) | 最小(…) | 如达到(a, b, c, d)

如达到(a, b, c, d) is c where a reaches b, and d elsewhere. A text and its tree are the same to the last bracket:
reading what was written gives the tree again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from county_portal.common.errors import Invalid
from scoring.engine.numbers import DECIMAL_DIGITS, WHOLE_DIGITS, plain

Tree = list[Any]

MAX_LENGTH = 500
# Brackets within brackets; the engine allows 12 levels of the tree itself.
_DEEPEST = 20
_WORDS = {"值": "value", "分子": "numerator", "分母": "denominator"}
_FUNCTIONS = {"最大": "max", "最小": "min", "如达到": "if-at-least"}
_IF_OPERANDS = 4
_SIGNS = {"add": " + ", "subtract": " − ", "multiply": " × ", "divide": " ÷ "}
_SUMS, _PRODUCTS = {"add", "subtract"}, {"multiply", "divide"}
_NAMES = {op: word for word, op in (_WORDS | _FUNCTIONS).items()}
# Full-width forms and the signs of keyboards, one for one, so that places still count.
_SAME = str.maketrans(
    "０１２３４５６７８９．，、＋－–—-＊*·／/（）\u3000",
    "0123456789.,,+−−−−×××÷÷() ",
)
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[\u4e00-\u9fff]+|[+−×÷(),]")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    place: int


def read_formula(text: str, field: str = "") -> Tree:
    """The tree of a formula; raises Invalid naming the place (characters count from 1), the reason, the remedy."""
    return _Reader(text, field).read()


class _Reader:
    def __init__(self, text: str, field: str) -> None:
        self.text, self.field = text.translate(_SAME), field
        if len(text) > MAX_LENGTH:
            raise Invalid(
                "formula_too_long", f"算式最多{MAX_LENGTH}字，请拆分或改用分段计分。", field
            )
        self.tokens = self._split()
        self.at = 0
        self.depth = 0

    def _split(self) -> list[_Token]:
        tokens, place = [], 0
        while place < len(self.text):
            if self.text[place].isspace():
                place += 1
                continue
            match = _TOKEN.match(self.text, place)
            if match is None:
                self._refuse(place, f"不认识“{self.text[place]}”")
            tokens.append(_Token(match[0], place))
            place = match.end()
        return tokens

    def read(self) -> Tree:
        if not self.tokens:
            raise Invalid("formula_blank", "请填写算式，例如“最大(0, 值 × 2 − 1)”。", self.field)
        tree = self._sum()
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            self._refuse(token.place, f"“{token.text}”前缺少运算符号")
        return tree

    def _sum(self) -> Tree:
        return self._chain({"+": "add", "−": "subtract"}, self._product)

    def _product(self) -> Tree:
        return self._chain({"×": "multiply", "÷": "divide"}, self._factor)

    def _chain(self, signs: dict[str, str], operand: Any) -> Tree:
        """Left to right; a + b + c is one sum of three, (a + b) + c is a sum of a sum."""
        tree: Tree = operand()
        is_own = False
        while (sign := self._next_is(signs)) is not None:
            right, op = operand(), signs[sign]
            if is_own and tree[0] == op and op in {"add", "multiply"}:
                tree = [*tree, right]
            else:
                tree, is_own = [op, tree, right], True
        return tree

    def _next_is(self, wanted: Any) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at].text in wanted:
            self.at += 1
            return self.tokens[self.at - 1].text
        return None

    def _factor(self) -> Tree:
        token = self._take("应当是数字、“值”“分子”“分母”或括号")
        if token.text[0] in "0123456789":
            return ["number", self._number(token)]
        if token.text == "−":
            number = self._take("负号后应当是数字")
            if number.text[0] not in "0123456789":
                self._refuse(number.place, "负号后应当是数字")
            return ["number", plain(-Decimal(self._number(number)))]
        if token.text in _WORDS:
            return [_WORDS[token.text]]
        if token.text in _FUNCTIONS:
            return self._function(token)
        if token.text == "(":
            self._deeper(token)
            tree = self._sum()
            self._close()
            return tree
        return self._refuse(token.place, f"“{token.text}”不应出现在这里")

    def _function(self, name: _Token) -> Tree:
        opening = self._take(f"“{name.text}”后应当是括号")
        if opening.text != "(":
            self._refuse(opening.place, f"“{name.text}”后应当是括号")
        self._deeper(name)
        operands = [self._sum()]
        while self._next_is({","}):
            operands.append(self._sum())
        self._close()
        op = _FUNCTIONS[name.text]
        if op == "if-at-least" and len(operands) != _IF_OPERANDS:
            self._refuse(
                name.place, f"“如达到”要有4项（数、标准、达到时、未达到时），现有{len(operands)}项"
            )
        if len(operands) == 1:
            self._refuse(name.place, f"“{name.text}”至少要有2项，用逗号隔开")
        return [op, *operands]

    def _deeper(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self._refuse(token.place, f"括号最多{_DEEPEST}层")

    def _close(self) -> None:
        token = self._take("缺少右括号")
        if token.text != ")":
            self._refuse(token.place, f"“{token.text}”前缺少逗号、右括号或运算符号")
        self.depth -= 1

    def _take(self, wanted: str) -> _Token:
        if self.at == len(self.tokens):
            self._refuse(len(self.text.rstrip()), f"算式没有写完，{wanted}")
        self.at += 1
        return self.tokens[self.at - 1]

    def _number(self, token: _Token) -> str:
        whole, _, decimals = token.text.partition(".")
        if len(whole.lstrip("0")) > WHOLE_DIGITS or len(decimals) > DECIMAL_DIGITS:
            self._refuse(token.place, f"数字整数最多{WHOLE_DIGITS}位、小数最多{DECIMAL_DIGITS}位")
        return plain(Decimal(token.text))

    def _refuse(self, place: int, reason: str) -> NoReturn:
        raise Invalid("formula_wrong", f"算式第{place + 1}个字符处：{reason}，请核对。", self.field)


def formula_text(tree: Sequence[Any]) -> str:
    """The formula as it would be typed."""
    op, operands = tree[0], tree[1:]
    if op == "number":
        return str(operands[0]).replace("-", "−")
    if not operands:
        return _NAMES[op]
    if op in _SIGNS:
        parts = [_operand(op, each, place) for place, each in enumerate(operands)]
        return _SIGNS[op].join(parts)
    return f"{_NAMES[op]}({', '.join(formula_text(each) for each in operands)})"


def _operand(op: str, tree: Sequence[Any], place: int) -> str:
    """In brackets wherever reading would otherwise make another tree of it."""
    inner, text = tree[0], formula_text(tree)
    if inner == "number" and text.startswith("−"):
        return f"({text})"
    is_first, is_same = place == 0, inner == op and op in {"add", "multiply"}
    if op in _SUMS:
        bracketed = inner in _SUMS and (not is_first or is_same)
    else:
        bracketed = inner in _SUMS or (inner in _PRODUCTS and (not is_first or is_same))
    return f"({text})" if bracketed else text
