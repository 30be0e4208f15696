"""Schemes and figures for the engine's tests, read from the files the portal ships."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from scoring.engine.codec import scheme_from_bytes, scheme_sha256
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    GradeClass,
    GradingInputs,
    Indicator,
    Item,
    Measure,
    Scheme,
)

ROOT = Path(__file__).parents[3]
SCHEME_FILE = ROOT / "provinces/hebei/scheme.json"
SOURCE_FIGURES_FILE = ROOT / "provinces/hebei/source-figures.json"


@cache
def hebei_scheme():
    return scheme_from_bytes(SCHEME_FILE.read_bytes())


@cache
def source_years():
    """The three columns of S3's table, by data year."""
    years = json.loads(SOURCE_FIGURES_FILE.read_text(encoding="utf-8"))["years"]
    return {year["data_year"]: year for year in years}


def indicator(code):
    return next(each for each in hebei_scheme().indicators if each.code == code)


def decimal(text):
    return None if text is None else Decimal(text)


def source_measure(cell, *, unrounded=False):
    """A printed cell as the engine's measure; `unrounded` takes what the officials scored from."""
    basis = cell.get("scored_from", cell) if unrounded else cell
    return Measure(
        value=decimal(basis.get("value")),
        numerator=decimal(basis.get("numerator")),
        denominator=decimal(basis.get("denominator")),
        factor=Decimal(basis.get("factor", "1")),
        items=tuple(Item(each["kind"], each["name"]) for each in cell["items"]),
        panel=tuple(map(Decimal, cell["panel"])),
    )


def bazhou(year, *, unrounded=False):
    """Bazhou's figures of one column, last year's figure offered where a cell is blank."""
    earlier = source_years().get(year - 1, {"figures": []})
    before = {cell["indicator"]: cell for cell in earlier["figures"]}
    figures = []
    for cell in source_years()[year]["figures"]:
        carried = None
        if cell["absence"]:
            last = source_measure(before[cell["indicator"]], unrounded=unrounded)
            carried = Carried(year - 1, last)
        figures.append(
            Figure(
                cell["indicator"],
                source_measure(cell, unrounded=unrounded),
                Absence(cell["absence"]) if cell["absence"] else None,
                carried,
                FigureStatus(source_years()[year]["status"]),
            )
        )
    return CountyFigures("131081", "霸州市", tuple(figures))


def inputs(scheme, *counties, data_year=2019):
    return GradingInputs(data_year, data_year + 1, scheme_sha256(scheme), counties)


def small_scheme(*rules, weight="10", absence=None, limits=("8", "6", "0")):
    """A scheme with one indicator per rule, coded 01, 02, …"""
    absence = absence or AbsencePolicy()
    return Scheme(
        title="试验方案",
        places=2,
        classes=tuple(
            GradeClass(name, Decimal(limit)) for name, limit in zip("ABC", limits, strict=True)
        ),
        absence=absence,
        indicators=tuple(
            Indicator(f"{i:02d}", "分组", f"指标{i}", "家", Decimal(weight), rule, absence)
            for i, rule in enumerate(rules, 1)
        ),
    )


def county(code, *figures, name=None):
    return CountyFigures(code, name or f"县{code}", figures)


def value(code, text, **more):
    return Figure(code, Measure(value=Decimal(text)), **more)
