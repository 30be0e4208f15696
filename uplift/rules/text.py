"""What a plan says, as plain values: the same for forms, workbooks, data files and copies of a version."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from county_portal.common.numbers import plain
from uplift.enums import GrowthMode

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Move:
    """A county named in a stage, by code; `before` equals `after` where it is named as staying."""

    county: str
    before: str
    after: str

    @property
    def stays(self) -> bool:
        """Whether it is named in its class without rising (行唐县 … 在全省位次前移)."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the plan wants to stand with the figures of a data year; the list may come a year later."""

    name: str
    data_year: int
    publication_year: int | None
    counts: Counts
    moves: Sequence[Move] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """A class count promised outside the stages (力争年内 … A类县达到12个), with the year it names."""

    year: int
    counts: Counts
    sentence: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator's targets by class for a data year; `indicator` is its code, blank for the plan's own."""

    name: str
    unit: str
    data_year: int
    targets: Mapping[str, Decimal]
    indicator: str = ""
    sentence: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What makes a line one line."""
        return self.name, self.data_year


@dataclass(frozen=True, slots=True)
class Growth:
    """A figure that must grow by at least so many per cent; `meaning` is a fact's code."""

    meaning: str
    percent: Decimal
    mode: GrowthMode
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class FundYear:
    """The special fund of a year, in yuan, and what it is for."""

    year: int
    amount: Decimal
    uses: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a plan is called and the years it speaks of; `classes` best first."""

    title: str
    document_number: str
    base_year: int
    from_year: int
    to_year: int
    classes: Sequence[str]
    base_counts: Counts
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan whole."""

    heading: Heading
    lines: Sequence[TargetLine] = ()
    growth: Sequence[Growth] = ()
    stages: Sequence[Stage] = ()
    goals: Sequence[Goal] = ()
    fund: Sequence[FundYear] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of everything it says."""
        content = json.dumps(
            document_of(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def fund_total(self) -> Decimal:
        """Of all years, in yuan."""
        return sum((each.amount for each in self.fund), Decimal(0))

    def with_heading(self, **changed: Any) -> "PlanText":
        """The same with another heading."""
        return replace(self, heading=replace(self.heading, **changed))


def document_of(text: PlanText) -> dict[str, Any]:
    """The text as plain JSON values, numbers as decimal text."""
    head = text.heading
    return {
        "title": head.title,
        "document_number": head.document_number,
        "base_year": head.base_year,
        "from_year": head.from_year,
        "to_year": head.to_year,
        "classes": list(head.classes),
        "base_counts": dict(head.base_counts),
        "sentence": head.sentence,
        "targets": [_line_document(line) for line in text.lines],
        "growth": [
            {
                "meaning": each.meaning,
                "percent": plain(each.percent),
                "mode": str(each.mode),
                "sentence": each.sentence,
            }
            for each in text.growth
        ],
        "stages": [_stage_document(stage) for stage in text.stages],
        "goals": [
            {"year": goal.year, "counts": dict(goal.counts), "sentence": goal.sentence}
            for goal in text.goals
        ],
        "fund": [
            {"year": each.year, "amount": plain(each.amount), "uses": each.uses}
            for each in text.fund
        ],
    }


def _line_document(line: TargetLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "unit": line.unit,
        "data_year": line.data_year,
        "indicator": line.indicator,
        "targets": {name: plain(number) for name, number in line.targets.items()},
        "sentence": line.sentence,
    }


def _stage_document(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "data_year": stage.data_year,
        "publication_year": stage.publication_year,
        "counts": dict(stage.counts),
        "moves": [[move.county, move.before, move.after] for move in stage.moves],
        "sentence": stage.sentence,
    }


def text_of(document: Mapping[str, Any]) -> PlanText:
    """The text of such a document; KeyError or ArithmeticError for anything else."""
    heading = Heading(
        title=document["title"],
        document_number=document["document_number"],
        base_year=document["base_year"],
        from_year=document["from_year"],
        to_year=document["to_year"],
        classes=tuple(document["classes"]),
        base_counts=dict(document["base_counts"]),
        sentence=document.get("sentence", ""),
    )
    return PlanText(
        heading,
        lines=tuple(_line(each) for each in document["targets"]),
        growth=tuple(
            Growth(
                each["meaning"],
                Decimal(each["percent"]),
                GrowthMode(each["mode"]),
                each.get("sentence", ""),
            )
            for each in document["growth"]
        ),
        stages=tuple(_stage(each) for each in document["stages"]),
        goals=tuple(
            Goal(each["year"], dict(each["counts"]), each["sentence"])
            for each in document.get("goals", [])
        ),
        fund=tuple(
            FundYear(each["year"], Decimal(each["amount"]), each.get("uses", ""))
            for each in document["fund"]
        ),
    )


def _line(each: Mapping[str, Any]) -> TargetLine:
    return TargetLine(
        name=each["name"],
        unit=each["unit"],
        data_year=each["data_year"],
        targets={name: Decimal(number) for name, number in each["targets"].items()},
        indicator=each.get("indicator", ""),
        sentence=each.get("sentence", ""),
    )


def _stage(each: Mapping[str, Any]) -> Stage:
    return Stage(
        name=each["name"],
        data_year=each["data_year"],
        publication_year=each.get("publication_year"),
        counts=dict(each["counts"]),
        moves=tuple(Move(*move) for move in each["moves"]),
        sentence=each.get("sentence", ""),
    )
