"""Whether the files of a province's folder fit each other: what one names, another has.

Called for files that are sound by themselves.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

SHARED_FACTS = Path(__file__).resolve().parents[2] / "indicators" / "data" / "facts.json"
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a folder."""

    file: str
    place: str  # e.g. indicators[3].weight, or 第5行 code
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file} {self.place}".strip()
        return f"{where}：{self.reason}。{self.remedy}。"


Folder = Mapping[str, Any]


def twice(file: str, place: str, values: Sequence[str]) -> Iterator[Fault]:
    """Values that may stand once only."""
    for value, count in Counter(values).items():
        if count > 1:
            yield Fault(file, place, f"“{value}”出现{count}次", "每个只能出现一次")


def find_mismatches(folder: Folder) -> Iterator[Fault]:
    """Every name in one file that another lacks, and every sum that does not come out."""
    yield from _regions(folder)
    yield from _registers(folder)
    yield from _system(folder, "indicator-system.json")
    if "pilot-indicator-system.json" in folder:
        yield from _system(folder, "pilot-indicator-system.json")
    yield from _scheme(folder)
    yield from _codes(folder)
    yield from _classes(folder)
    yield from _second_names(folder)
    yield from _story(folder)


def _regions(folder: Folder) -> Iterator[Fault]:
    rows, offices = folder["regions.csv"], {row["key"] for row in folder["offices.csv"]}
    living = {row["code"] for row in rows if not row["valid_to"]}
    yield from twice("regions.csv", "code", [r["code"] for r in rows if not r["valid_to"]])
    for line, row in enumerate(rows, 2):
        if row["level"] == "province":
            continue
        if row["parent"] not in living:
            yield Fault(
                "regions.csv",
                f"第{line}行 parent",
                f"没有代码为{row['parent']}的区划",
                "请改为上级区划代码",
            )
        if row["level"] == "county" and row["reviewing_office"] not in offices:
            yield Fault(
                "regions.csv",
                f"第{line}行 reviewing_office",
                f"{row['name']}的审核单位“{row['reviewing_office']}”不在offices.csv中",
                "请填写offices.csv的key",
            )
        if row["valid_to"] and row["successor"] not in living:
            yield Fault(
                "regions.csv",
                f"第{line}行 successor",
                f"{row['name']}没有有效的承继区划",
                "请填写现存区划代码",
            )
    for line, row in enumerate(folder["offices.csv"], 2):
        if row["region"] not in living:
            yield Fault(
                "offices.csv",
                f"第{line}行 region",
                f"没有代码为{row['region']}的区划",
                "请改为现存区划代码",
            )


def _registers(folder: Folder) -> Iterator[Fault]:
    offices = {row["name"] for row in folder["offices.csv"]}
    rows = folder["registers.csv"]
    for line, row in enumerate(rows, 2):
        if row["office"] not in offices:
            yield Fault(
                "registers.csv",
                f"第{line}行 office",
                f"单位“{row['office']}”不在offices.csv中",
                "请与offices.csv的name一致",
            )
    prefixes = {row["prefix"] for row in rows}
    for name in ("list.json", "pilot-list.json"):
        if folder[name]["register"] not in prefixes:
            yield Fault(
                name,
                "register",
                f"没有代字为“{folder[name]['register']}”的发文登记簿",
                "请与registers.csv的prefix一致",
            )
    writing = {row["office"] for row in rows if row["layout"] == "letter"}
    for office in sorted(offices - writing):
        yield Fault(
            "registers.csv",
            "",
            f"{office}没有信函格式（letter）的登记簿，不能出具函件",
            "请增加一行",
        )


def _system(folder: Folder, name: str) -> Iterator[Fault]:
    document = folder[name]
    groups = {group["name"]: group["weight"] for group in document["groups"]}
    yield from twice(name, "indicators", [row["code"] for row in document["indicators"]])
    facts = _fact_codes(folder)
    for place, row in enumerate(document["indicators"]):
        where = f"indicators[{place}]"
        if row["group"] not in groups:
            yield Fault(
                name, f"{where}.group", f"没有名为“{row['group']}”的一级指标", "请与groups一致"
            )
        for part, code in (row["facts"] or {}).items():
            if code and code not in facts:
                yield Fault(
                    name,
                    f"{where}.facts.{part}",
                    f"没有代码为{code}的数据含义",
                    "请在facts.json中定义",
                )
        if row["kind"] == "rate" and not (row["numerator_label"] and row["denominator_label"]):
            yield Fault(
                name,
                where,
                f"比率“{row['name']}”没有写明分子和分母",
                "请填写numerator_label和denominator_label",
            )
        if row.get("may_exceed_hundred") and row["unit"] != "%":
            yield Fault(
                name,
                f"{where}.may_exceed_hundred",
                f"“{row['name']}”的单位不是%，没有能否超过100%的问题",
                "请删去，或改正unit",
            )
    yield from _group_sums(document, name)


def _group_sums(document: Folder, name: str) -> Iterator[Fault]:
    groups = {group["name"]: group["weight"] for group in document["groups"]}
    for group, weight in groups.items():
        if weight is not None:
            summed = sum(
                Decimal(row["weight"] or 0)
                for row in document["indicators"]
                if row["group"] == group
            )
            if summed != Decimal(weight):
                yield Fault(
                    name,
                    "groups",
                    f"“{group}”所属指标分值合计{summed}，与{weight}不符",
                    "请改正分值",
                )


def _fact_codes(folder: Folder) -> set[str]:
    shared = json.loads(SHARED_FACTS.read_text(encoding="utf-8"))["facts"]
    return {fact["code"] for fact in [*shared, *folder.get("facts.json", {"facts": []})["facts"]]}


def _scheme(folder: Folder) -> Iterator[Fault]:
    name, scheme, system = "scheme.json", folder["scheme.json"], folder["indicator-system.json"]
    total = sum(Decimal(row["weight"]) for row in scheme["indicators"])
    if total != WHOLE:
        yield Fault(name, "indicators", f"分值合计{total}，不是100", "请改正分值")
    scored = [row["code"] for row in scheme["indicators"]]
    measured = [row["code"] for row in system["indicators"]]
    if scored != measured:
        yield Fault(
            name,
            "indicators",
            "指标与indicator-system.json不一致",
            f"应依次为{'、'.join(measured)}",
        )
        return
    for place, (row, told) in enumerate(
        zip(scheme["indicators"], system["indicators"], strict=True)
    ):
        for part in ("name", "group", "weight"):
            if row[part] != told[part]:
                yield Fault(
                    name,
                    f"indicators[{place}].{part}",
                    f"“{row[part]}”与indicator-system.json的“{told[part]}”不符",
                    "两处须一致",
                )
        kinds = {kind["code"] for kind in told["evidence_kinds"]}
        items = {item["code"] for item in row["rule"].get("items", [])}
        for code in sorted(kinds ^ items):
            yield Fault(
                name,
                f"indicators[{place}].rule.items",
                f"清单项目{code}只在一处出现",
                "须与indicator-system.json的evidence_kinds一致",
            )
    limits = [Decimal(grade["at_least"]) for grade in scheme["classes"]]
    if limits != sorted(set(limits), reverse=True) or limits[-1] != 0:
        yield Fault(
            name, "classes", "分档线不是由高到低，或最低一档不为0", "请由高到低排列，最低一档为0"
        )


def _codes(folder: Folder) -> Iterator[Fault]:
    """Indicators and items that other files speak of exist."""
    rows = {row["code"]: row for row in folder["indicator-system.json"]["indicators"]}
    for place, rule in enumerate(folder.get("checks.json", {"rules": []})["rules"]):
        for code in rule["indicators"]:
            if code not in rows:
                yield Fault(
                    "checks.json",
                    f"rules[{place}].indicators",
                    f"没有代码为{code}的指标",
                    "请与indicator-system.json一致",
                )
    yield from _goals(folder, rows)


def _goals(folder: Folder, rows: Mapping[str, Any]) -> Iterator[Fault]:
    for place, goal in enumerate(folder.get("coverage.json", {"goals": []})["goals"]):
        if "indicator" not in goal:
            continue
        row = rows.get(goal["indicator"])
        if row is None:
            yield Fault(
                "coverage.json",
                f"goals[{place}].indicator",
                f"没有代码为{goal['indicator']}的指标",
                "请与indicator-system.json一致",
            )
            continue
        kinds = {kind["code"] for kind in row["evidence_kinds"]}
        for code in goal.get("items", []):
            if code not in kinds:
                yield Fault(
                    "coverage.json",
                    f"goals[{place}].items",
                    f"指标{row['code']}没有清单项目{code}",
                    "请与evidence_kinds一致",
                )


def _classes(folder: Folder) -> Iterator[Fault]:
    names = [grade["name"] for grade in folder["scheme.json"]["classes"]]
    if folder["province.json"]["classes"] != names:
        yield Fault(
            "province.json", "classes", "各档名称与scheme.json不一致", f"应依次为{'、'.join(names)}"
        )
    commendation = folder["list.json"].get("commendation")
    if commendation and commendation["class"] not in names:
        yield Fault(
            "list.json",
            "commendation.class",
            f"没有名为“{commendation['class']}”的一档",
            f"可取{'、'.join(names)}",
        )


def _second_names(folder: Folder) -> Iterator[Fault]:
    names = {row["name"] for row in folder["regions.csv"]}
    for name in folder["province.json"].get("second_names", {}):
        if name not in names:
            yield Fault(
                "province.json",
                f"second_names.{name}",
                "没有这个名称的区划",
                "请与regions.csv的name一致",
            )


def _story(folder: Folder) -> Iterator[Fault]:
    story = folder.get("demo/story.json")
    if not story:
        return
    codes = {row["code"] for row in folder["regions.csv"] if row["level"] == "county"}
    keys = {row["key"] for row in folder["offices.csv"]}
    named = {
        "shown.county": story["shown"]["county"],
        "merged_like": story["merged_like"],
        **({"covered": story["covered"]} if "covered" in story else {}),
        "corrected.county": story["corrected"]["county"],
    }
    for place, code in named.items():
        if code not in codes:
            yield Fault("demo/story.json", place, f"没有代码为{code}的县", "请与regions.csv一致")
    if story["shown"]["city"] not in keys:
        yield Fault(
            "demo/story.json",
            "shown.city",
            f"没有key为{story['shown']['city']}的单位",
            "请与offices.csv一致",
        )
    yield from _played_ledgers(folder, story.get("ledgers", {}))


def _played_ledgers(folder: Folder, ledgers: Mapping[str, Any]) -> Iterator[Fault]:
    keys = {row["key"] for row in folder.get("measures/ledgers.json", [])}
    for key in (*ledgers.get("past", ()), *filter(None, [ledgers.get("live")])):
        if key not in keys:
            yield Fault(
                "demo/story.json",
                "ledgers",
                f"没有key为{key}的台账",
                "请与measures/ledgers.json一致",
            )
