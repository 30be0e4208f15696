"""Sheets for the rules, without a database: the lines of the Hebei table, and its rules as shipped."""

import json
from decimal import Decimal

from county_portal.common.province_files import read_province_json
from indicators.enums import Severity
from indicators.importer import FACTS_FILE
from indicators.rules import CellFigure, CellInput, CellSpec, read_cell
from indicators.rules.checks import CHECKS, Case, Line, Rule, read_params, run_rules

_SYSTEM = read_province_json("indicator-system.json")
_CHECKS = read_province_json("checks.json")
_FACTS = json.loads(FACTS_FILE.read_text(encoding="utf-8"))
MEANINGS = {entry["code"]: key for key, entry in enumerate(_FACTS["facts"], 1)}


def _spec(entry):
    facts = entry["facts"] or {}
    keys = [MEANINGS.get(facts.get(part)) for part in ("value", "numerator", "denominator")]
    return CellSpec(
        entry["code"],
        entry["name"],
        entry["kind"],
        entry["unit"] or "",
        entry["kind"] != "rate" and not entry["decimals"],
        entry["numerator_label"] or "",
        entry["denominator_label"] or "",
        Decimal(entry["factor"] or 1),
        entry["lower_is_better"],
        *keys,
    )


SPECS = {entry["code"]: _spec(entry) for entry in _SYSTEM["indicators"]}


def figure(code, text="", numerator="", denominator="", **rest):
    """A cell read as the form reads it."""
    read, errors = read_cell(SPECS[code], CellInput(text, numerator, denominator, **rest))
    assert errors == []
    return read


def line(code, *typed, last=None, items=(), spec=None, **rest):
    """One line; `last` is what was typed last year."""
    before = figure(code, *last) if last else None
    now = figure(code, *typed, **rest) if typed else CellFigure()
    return Line(spec or SPECS[code], now, before, list(items))


def case(*lines, data_year=2025, **around):
    """A sheet of these lines."""
    return Case({each.spec.code: each for each in lines}, data_year, **around)


def shipped(code, **changed):
    """A rule as shipped, some parameters changed."""
    entry = next(each for each in _CHECKS["rules"] if each["code"] == code)
    return make(entry["kind"], entry["params"] | changed, entry["indicators"], code=code)


def make(kind, params=None, indicators=(), *, code="rule", severity=Severity.WARN):
    """A rule of a kind."""
    read = read_params(CHECKS[kind].params, params or {})
    return Rule(code, kind, "规则", severity, read, list(indicators))


def all_shipped():
    """Every rule as shipped."""
    return [shipped(entry["code"]) for entry in _CHECKS["rules"]]


def hits(rules, sheet):
    """Which lines which rules speak of."""
    rules = rules if isinstance(rules, list) else [rules]
    return [(found.indicator, found.rule) for found in run_rules(rules, sheet)]


def sentence(rule, sheet):
    """The one sentence a rule says of a sheet."""
    [found] = run_rules([rule], sheet)
    return found.sentence
