"""Rules as data: one small evaluator per kind, and the run of a version's rules over a sheet. Pure."""

from indicators.rules.checks.case import Case, Item, Line, Rule, Spread, Statement
from indicators.rules.checks.registry import CHECKS, Check, run_rules
from indicators.rules.checks.values import Param, Params, Term, read_params, words_of

__all__ = [
    "CHECKS",
    "Case",
    "Check",
    "Item",
    "Line",
    "Param",
    "Params",
    "Rule",
    "Spread",
    "Statement",
    "Term",
    "read_params",
    "run_rules",
    "words_of",
]
