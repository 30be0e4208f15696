"""Two runs side by side, county by county, with those that came and those that went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Entry(StrEnum):
    """Why a county is only in the later run."""

    MERGED = "merged-into-new"
    FOUNDED = "founded"
    NOT_GRADED = "not-graded-before"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "merged-into-new": "合并设立",
            "founded": "新设",
            "not-graded-before": "前次未参评",
        }[self]


class Exit(StrEnum):
    """Why a county is only in the earlier run."""

    MERGED = "merged-away"
    ABOLISHED = "abolished"
    NOT_GRADED = "not-graded-now"

    @property
    def label(self) -> str:
        """In words."""
        return {"merged-away": "并入他县", "abolished": "撤销", "not-graded-now": "后次未参评"}[
            self
        ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a county stands in a run."""

    total: Decimal
    class_name: str
    rank: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A county in both runs, or in one with the reason; named as it is in the later one."""

    region: UUID
    code: str
    earlier_code: str
    name: str
    city: str
    city_code: str
    before: Standing | None
    after: Standing | None
    entry: Entry | None = None
    exit: Exit | None = None
    note: str = ""

    @property
    def source(self) -> str:
        """Where it comes from: its earlier class, or how it entered."""
        return self.before.class_name if self.before else str(self.entry)

    @property
    def target(self) -> str:
        """Where it went: its later class, or how it left."""
        return self.after.class_name if self.after else str(self.exit)

    @property
    def points(self) -> Decimal | None:
        """Points gained; None where there is nothing to compare."""
        return self.after.total - self.before.total if self.before and self.after else None

    @property
    def places(self) -> int | None:
        """Places gained: positive is up."""
        return self.before.rank - self.after.rank if self.before and self.after else None


@dataclass(frozen=True, slots=True)
class ComparisonFilter:
    """What a comparison is narrowed to and sorted by; blanks narrow nothing."""

    change: str = ""
    city: str = ""
    source: str = ""
    target: str = ""
    order: str = ""


# What a page offers: a key, its words.
CHANGES = {
    "class": "分档有变",
    "up": "升档",
    "down": "降档",
    "in": "仅后次有",
    "out": "仅前次有",
}
ORDERS = {
    "": "按后次位次",
    "gain": "按增分从多到少",
    "loss": "按减分从多到少",
    "climb": "按名次上升从多到少",
    "county": "按区划代码",
}


def is_change(row: Compared, change: str, classes: Sequence[str]) -> bool:
    """Whether a row is of the kind of change; `classes` best first."""
    if change in ("in", "out"):
        return row.before is None if change == "in" else row.after is None
    if row.before is None or row.after is None:
        return False
    if row.before.class_name == row.after.class_name:
        return False
    known = row.before.class_name in classes and row.after.class_name in classes
    if change == "class" or not known:
        return change == "class"
    rises = classes.index(row.after.class_name) < classes.index(row.before.class_name)
    return rises if change == "up" else not rises


def narrowed(
    rows: Iterable[Compared], wanted: ComparisonFilter, classes: Sequence[str]
) -> list[Compared]:
    """The rows asked for in the order asked for; those with nothing to compare come last."""
    kept = [
        row
        for row in rows
        if (not wanted.city or row.city_code == wanted.city)
        and (not wanted.source or row.source == wanted.source)
        and (not wanted.target or row.target == wanted.target)
        and (wanted.change not in CHANGES or is_change(row, wanted.change, classes))
    ]
    return sorted(kept, key=lambda row: (_place(row, wanted.order), row.code))


def _place(row: Compared, order: str) -> tuple[bool, Decimal]:
    """The key of a row; what lacks it stands behind."""
    standing = row.after or row.before
    by_rank = Decimal(standing.rank if standing else 0)
    keys = {
        "gain": None if row.points is None else -row.points,
        "loss": row.points,
        "climb": None if row.places is None else Decimal(-row.places),
        "county": Decimal(0),
    }
    key = keys.get(order, by_rank if row.after else None)
    return (key is None, by_rank if key is None else key)
