"""Exact decimal arithmetic: one context, one rounding, one way of writing a number.

A point is computed as one quotient of exact products, so that the only inexact step before the
rounding is a single division. With numbers of at most 15 digits before and 12 after the point
(what `document` lets in) the products have fewer than 90 digits; 100 keep them exact, and a
quotient that merely comes near half a hundredth can then never be taken for one that lies on it.
"""

from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from typing import Final, Protocol

from scoring.engine.types import RoundingMode

WHOLE_DIGITS: Final = 15
DECIMAL_DIGITS: Final = 12
SHOWN_DECIMALS: Final = 6

_CONTEXT: Final = Context(
    prec=100, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_SHOWN_QUANTUM: Final = Decimal(1).scaleb(-SHOWN_DECIMALS)


def exact_arithmetic() -> AbstractContextManager[Context]:
    """The decimal context in which every score is computed, whatever the caller's own."""
    return localcontext(_CONTEXT)


class Ratio(Protocol):
    """A fraction, reduced or not; `Fraction` is one. The denominator is positive."""

    @property
    def numerator(self) -> int: ...

    @property
    def denominator(self) -> int: ...


def rounded(exact: Ratio, places: int, mode: RoundingMode) -> Decimal:
    """An exact fraction to `places` decimals; by whole numbers only, since no decimal could hold it."""
    whole, rest = divmod(abs(exact.numerator) * 10**places, exact.denominator)
    twice = 2 * rest - exact.denominator
    is_upward = twice > 0 or (twice == 0 and (mode is RoundingMode.HALF_UP or whole % 2 == 1))
    if mode is not RoundingMode.DOWN and is_upward:
        whole += 1
    return Decimal(whole if exact.numerator >= 0 else -whole).scaleb(-places)


def shown_exact(exact: Ratio) -> str:
    """An exact fraction as a reader sees it: cut after six decimals as by `shown`."""
    whole, rest = divmod(abs(exact.numerator) * 10**SHOWN_DECIMALS, exact.denominator)
    cut = Decimal(whole if exact.numerator >= 0 else -whole).scaleb(-SHOWN_DECIMALS)
    return f"{format(cut, 'f')}…" if rest else plain(cut)


def quantum(places: int) -> Decimal:
    """The unit of the last place that a score keeps: 0.01 for two places."""
    return Decimal(1).scaleb(-places)


def plain(number: Decimal) -> str:
    """The canonical text of a number: no exponent, no trailing zeros, no negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(number: Decimal) -> str:
    """A number as a reader sees it: cut (never rounded) after six decimals, with an ellipsis."""
    with exact_arithmetic():
        cut = number.quantize(_SHOWN_QUANTUM, rounding="ROUND_DOWN")
    return plain(number) if cut == number else f"{format(cut, 'f')}…"


def fixed(number: Decimal) -> str:
    """A rounded score with all its places: 6.80."""
    return format(number, "f")


def equals_or_about(exact: Decimal | Fraction, printed: Decimal) -> str:
    """The sign between a sum and its printed result: ≈ where rounding changed the number."""
    return "=" if exact == printed else "≈"
