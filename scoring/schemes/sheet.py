"""A version laid out for reading: general terms, indicators by group with sums, and everything wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from scoring.schemes.documents import Document, rules_in
from scoring.schemes.words import KINDS, absence_words, general_words, rule_words

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class SystemIndicator:
    """What the indicator system says of one indicator; `kind` as in indicators.enums.IndicatorKind."""

    code: str
    group: str
    name: str
    unit: str
    kind: str = ""
    is_ratio: bool = False
    lower_is_better: bool = False
    factor: Decimal = Decimal(1)
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `position` of the indicator it concerns, None for the general terms.

    A warning does not keep the version from being tested.
    """

    code: str
    sentence: str
    position: int | None = None
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One indicator; `full` is the most its rule gives, None where that cannot be told."""

    position: int
    code: str
    name: str
    unit: str
    weight: str
    kind: str
    words: tuple[str, ...]
    full: Decimal | None
    absence: str
    is_faulty: bool = False
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Indicators of one group that stand together, with the sum of their weights."""

    name: str
    lines: tuple[SheetLine, ...]
    weight: Decimal


@dataclass(frozen=True, slots=True)
class SchemeSheet:
    """A whole version."""

    general: tuple[tuple[str, str], ...]
    groups: tuple[SheetGroup, ...]
    total: Decimal
    count: int
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """What must be mended."""
        return [each for each in self.problems if not each.is_warning]

    @property
    def is_full(self) -> bool:
        """Whether the weights add up to 100."""
        return self.total == FULL


def lay_out(document: Document, problems: Sequence[Problem] = ()) -> SchemeSheet:
    """The sheet of a document."""
    faulty = {each.position for each in problems if not each.is_warning}
    rows = document["indicators"]
    lines = [_line(row, place, len(rows), faulty) for place, row in enumerate(rows)]
    groups: dict[str, list[SheetLine]] = {}
    for row, line in zip(rows, lines, strict=True):
        groups.setdefault(row["group"], []).append(line)
    return SchemeSheet(
        tuple(general_words(document)),
        tuple(
            SheetGroup(name, tuple(each), sum((number(line.weight) for line in each), Decimal(0)))
            for name, each in groups.items()
        ),
        sum((number(row["weight"]) for row in rows), Decimal(0)),
        len(rows),
        tuple(problems),
    )


def _line(row: Mapping[str, Any], place: int, count: int, faulty: set[int | None]) -> SheetLine:
    return SheetLine(
        position=place,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        weight=row["weight"],
        kind=KINDS[row["rule"]["kind"]],
        words=tuple(rule_words(row["rule"], row["unit"])),
        full=full_points(row["rule"]),
        absence=absence_words(row["absence"]) if row.get("absence") else "",
        is_faulty=place in faulty,
        is_first=place == 0,
        is_last=place == count - 1,
    )


def number(text: object) -> Decimal:
    """A number of a document; 0 for one that is none, which the faults name."""
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal(0)


def full_points(rule: Mapping[str, Any]) -> Decimal | None:
    """The most a rule can give."""
    kind = rule["kind"]
    if kind == "piecewise":
        points = [
            number(band[end]) for band in rule["bands"] for end in ("points_from", "points_to")
        ]
        return max(points, default=None)
    if kind == "itemised":
        return number(rule["cap"])
    if kind == "by-peer":
        most = [full for inner in rules_in(rule)[1:] if (full := full_points(inner)) is not None]
        return max(most, default=None)
    return number(rule["max"])


def system_problems(
    document: Document, system: Sequence[SystemIndicator], system_name: str
) -> Iterator[Problem]:
    """Where a scheme and the indicator system it grades by do not fit each other."""
    known = {each.code: each for each in system}
    for place, row in enumerate(document["indicators"]):
        name = f"指标“{row['name']}”（{row['code']}）"
        mine = known.get(row["code"])
        if mine is None:
            yield Problem(
                "indicator-not-in-system",
                f"{name}不在“{system_name}”中，各县不会填报它。请改用指标体系中的指标，或先修订指标体系。",
                place,
            )
        else:
            yield from _kind_problems(row, mine, name, place)
    listed = {row["code"] for row in document["indicators"]}
    for each in system:
        if each.code not in listed:
            yield Problem(
                "system-indicator-unused",
                f"“{system_name}”中的“{each.name}”（{each.code}）未列入方案，各县填报后不计分。",
                is_warning=True,
            )


def _kind_problems(
    row: Mapping[str, Any], mine: SystemIndicator, name: str, place: int
) -> Iterator[Problem]:
    kind = row["rule"]["kind"]
    fitting = {"itemised": {"itemised"}, "qualitative": {"panel"}}.get(mine.kind)
    if fitting is None:
        fitting = set(KINDS) - {"itemised", "panel"}
    if kind not in fitting:
        allowed = "、".join(label for key, label in KINDS.items() if key in fitting)
        yield Problem(
            "rule-does-not-fit",
            f"{name}的填报方式不能“{KINDS[kind]}”，应当用：{allowed}。",
            place,
        )
    elif kind == "itemised":
        unknown = [
            item["name"] for item in row["rule"]["items"] if item["code"] not in dict(mine.items)
        ]
        if unknown:
            yield Problem(
                "item-not-in-system",
                f"{name}的类别“{'、'.join(unknown)}”不在指标体系的佐证类别中，各县无法填报，请核对类别代码。",
                place,
            )
