"""A report card with the printed figures of data year 2019, and variations of it."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from county_portal.documents.official import Verification
from reports.card_facts import (
    CardCounty,
    CardFlag,
    CardLine,
    CardProvenance,
    CardResult,
    CityStanding,
    ClassLimit,
    Derivation,
    EvidenceItem,
    GroupScore,
    Marks,
    Movement,
    Operand,
    ReportCard,
    YearResult,
)
from reports.card_words import year_on_year
from reports.outlook import Outlook, OutlookStep, Room

SAMPLE: dict[str, Any] = json.loads(
    Path(__file__).with_name("card_sample.json").read_text(encoding="utf-8")
)


def line(number: int) -> CardLine:
    """The numbered indicator (from 1)."""
    row = SAMPLE["indicators"][number - 1]
    value, previous = (
        (Decimal(row["value"]), Decimal(row["previous"])) if row["unit"] else (None, None)
    )
    return CardLine(
        number=number,
        group=row["group"],
        name=row["name"],
        unit=row["unit"],
        value_text=row["value"],
        previous_text=row["previous"],
        change_text=year_on_year(value, previous, is_percentage=row["unit"] == "%"),
        score=Decimal(row["score"]),
        weight=Decimal(row["weight"]),
        previous_score=Decimal(row["previous_score"]),
        rank=row["rank"],
        flags=tuple(row["flags"]),
        derivation=Derivation(
            source=row["source"],
            operands=tuple(Operand(label, text) for label, text in row["operands"]),
            unrounded_text=row["unrounded"],
            band_text=row["band"],
            arithmetic=row["arithmetic"],
            rounded=Decimal(row["score"]),
        ),
        marks=marks_of(Decimal(row["score"]), Decimal(row["weight"])),
    )


def marks_of(score: Decimal, weight: Decimal) -> Marks:
    """Marks about a score, within its points."""
    return Marks(
        min(score + Decimal("0.45"), weight), min(score + Decimal("0.2"), weight), score / 2
    )


def outlook(lines: tuple[CardLine, ...]) -> Outlook:
    """61.33 points in B, 18.67 below A."""
    steps = tuple(
        OutlookStep(each.number, each.name, "由3家增至5家", each.weight - each.score)
        for each in lines
        if each.weight - each.score >= 3
    )
    rooms = tuple(
        Room(each.number, each.name, each.score, each.weight, "由3家增至5家，可加0.75分")
        for each in lines
    )
    reached = sum((step.gain for step in steps), Decimal(0))
    return Outlook("A", Decimal(80), Decimal("18.67"), Decimal("1.33"), steps, 1, reached, rooms)


def evidence() -> tuple[EvidenceItem, ...]:
    """Named items, two of them not counted."""
    return tuple(
        EvidenceItem(**{**item, "points": Decimal(item["points"])}) for item in SAMPLE["evidence"]
    )


def groups(lines: tuple[CardLine, ...]) -> tuple[GroupScore, ...]:
    """Sums by group, with the province's marks."""
    return tuple(
        GroupScore(
            name,
            sum((each.score for each in lines if each.group == name), Decimal(0)),
            sum((each.weight for each in lines if each.group == name), Decimal(0)),
            Marks(Decimal(marks["median"]), Decimal(marks["median"]) - 1, Decimal(marks["mean"])),
        )
        for name, marks in SAMPLE["marks"].items()
    )


def report_card(name: str = "霸州市", code: str = "131081") -> ReportCard:
    """Data year 2019: 61.33 points, C to B."""
    lines = tuple(line(number) for number in range(1, 18))
    total = sum((each.score for each in lines), Decimal(0))
    return ReportCard(
        county=CardCounty(code, name, "河北省廊坊市", "廊坊市科学技术局"),
        data_year=2019,
        evaluation_year=2020,
        published_on=date(2020, 9, 18),
        result=CardResult(
            total, Decimal(100), "B", 52, 168, 39, 42, Movement.RISE, Decimal("52.64"), "C", 74, 52, 2019,
            Decimal("55.44"), Decimal("65.18"), CityStanding("廊坊市", 3, 10, Decimal("58.20")),
        ),
        class_limits=(ClassLimit("A", Decimal(80)), ClassLimit("B", Decimal(60)), ClassLimit("C", None)),
        history=(
            YearResult(2017, Decimal("47.90"), "C", 81, 168),
            YearResult(2018, Decimal("52.64"), "C", 74, 168),
            YearResult(2019, total, "B", 52, 168),
        ),
        groups=groups(lines),
        lines=lines,
        evidence=evidence(),
        flags=tuple(CardFlag(**flag) for flag in SAMPLE["flags"]),
        rule_notes=tuple(SAMPLE["rules"]),
        provenance=CardProvenance(
            "河北省科学技术厅", "PJ-2020-003", "县域科技创新能力评分方案（2019年度第2版）", "1.0.0",
            "9b1d7c02e4a85f36d1907be24c6a3f58e0d4b7192c83af650e1d924b7f8c3a60", date(2020, 9, 21), "正式",
        ),
        outlook=outlook(lines),
        verification=Verification("5TQ8-K2MX-9A0C", "https://kjcx.example.gov.cn/v/5TQ8K2MX9A0C/", "0" * 64),
    )  # fmt: skip


def many_cards(count: int) -> list[ReportCard]:
    """Different counties with different figures, as one publication has them."""
    cards = []
    for number in range(count):
        card = report_card(f"第{number + 1}县", f"{130101 + number}")
        step = Decimal(number) / 100
        changed = replace(card.lines[0], score=card.lines[0].score + step, rank=number + 1)
        result = replace(card.result, total=card.result.total + step, rank=number + 1)
        cards.append(replace(card, lines=(changed, *card.lines[1:]), result=result))
    return cards
