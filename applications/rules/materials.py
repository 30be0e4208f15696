"""The materials of one application as plain values, and the canonical text their digest is of. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from county_portal.common.numbers import plain

# 31 of S0 annex 2-1 stands for all of the county's own; they follow the given rows.
OWN_NUMBER = 31


def row_number(order: int) -> str:
    """A row of the table as S0 numbers it: 1 … 30; the county's own are 31-1, 31-2 …"""
    return str(order) if order < OWN_NUMBER else f"{OWN_NUMBER}-{order - OWN_NUMBER + 1}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of one year; its parts where it is a rate that was computed from them."""

    number: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves something."""

    name: str
    document_number: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the 31-row table; `code` is blank for one the county proposes itself."""

    order: int
    code: str
    name: str
    unit: str
    kind: str  # an IndicatorKind
    lower_is_better: bool
    is_designated: bool
    is_starred: bool
    # Of a share: its numerator is no part of its denominator.
    may_exceed_hundred: bool = False
    factor: Decimal = Decimal(1)
    numerator_label: str = ""
    denominator_label: str = ""
    # Codes of the facts that the number, or its parts, are made of; blank where there is none.
    value_fact: str = ""
    numerator_fact: str = ""
    denominator_fact: str = ""
    definition: str = ""
    cells: Mapping[int, Cell] = field(default_factory=dict)  # by absolute year
    words: str = ""
    reason: str = ""
    evidence: Sequence[Evidence] = ()

    @property
    def is_own(self) -> bool:
        """Whether the county proposed it."""
        return not self.code

    @property
    def number(self) -> str:
        """By which people name it."""
        return row_number(self.order)


@dataclass(frozen=True, slots=True)
class Basic:
    """A line of 基本情况表; `note` says why a figure is absent."""

    code: str  # of the fact's meaning
    name: str
    unit: str
    number: Decimal | None
    is_absent: bool
    note: str
    # Another figure that stands for the same fact, and where, while no reason is given for the difference.
    elsewhere: Decimal | None = None
    elsewhere_label: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of 进度安排."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Task:
    """A key task chosen among the ten of S0 part 二."""

    kind: str
    goal: str
    units: Sequence[str]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Document:
    """县政府申报文件."""

    title: str
    document_number: str
    issued_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything a county hands in, but for its government's approval."""

    region_code: str
    region_name: str
    last_year: int
    target_years: Sequence[int]
    document: Document | None
    rows: Sequence[Row]
    basics: Sequence[Basic]
    texts: Mapping[str, str]  # by Section
    tasks: Sequence[Task]
    plan_file: str = ""  # sha256 of an uploaded plan
    term_years: int = 3  # the round's


def canonical_materials(materials: Materials) -> str:
    """All of it as canonical JSON, independent of row ids and times."""
    document = {
        "region": [materials.region_code, materials.region_name],
        "document": _document(materials.document),
        "rows": [_row(row) for row in materials.rows],
        "basics": {
            each.code: [plain(each.number), "无" if each.is_absent else "", each.note]
            for each in materials.basics
        },
        "texts": dict(materials.texts),
        "tasks": [_task(task) for task in materials.tasks],
        "plan_file": materials.plan_file,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(materials: Materials) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical_materials(materials).encode()).hexdigest()


def _document(document: Document | None) -> list[str]:
    if document is None:
        return []
    issued_on = document.issued_on.isoformat()
    return [document.title, document.document_number, issued_on, document.sha256]


def _row(row: Row) -> dict[str, object]:
    return {
        "order": row.order,
        "code": row.code,
        "name": row.name,
        "unit": row.unit,
        "direction": "低" if row.lower_is_better else "高",
        "starred": row.is_starred,
        "cells": {
            str(year): [plain(cell.number), plain(cell.numerator), plain(cell.denominator)]
            for year, cell in row.cells.items()
        },
        "words": row.words,
        "reason": row.reason,
        "definition": row.definition if row.is_own else "",
        "evidence": sorted([each.name, each.document_number, each.sha256] for each in row.evidence),
    }


def _task(task: Task) -> dict[str, object]:
    return {
        "kind": task.kind,
        "goal": task.goal,
        "units": list(task.units),
        "steps": [
            [step.name, step.starts_on.isoformat(), step.ends_on.isoformat()] for step in task.steps
        ],
    }
