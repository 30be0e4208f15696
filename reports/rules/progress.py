"""What a progress report says, as plain values: its canonical text, and what is still missing. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from applications.rules.achievement import Achievement, Aim, Path, achieve, path_value
from county_portal.common.numbers import plain
from reports.enums import ProgressText

# S0 annex 2-1: whatever a county proposes itself stands under row 31.
OWN_FROM = 31


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that belongs to a line, or to the whole."""

    name: str
    sha256: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator in a report: what was promised for the year, what was reached."""

    order: int
    name: str
    unit: str
    kind: str  # the label of a TargetKind
    is_assessed: bool
    is_qualitative: bool
    lower_is_better: bool
    baseline_year: int
    baseline: Decimal | None = None
    targets: Mapping[int, Decimal] = field(default_factory=dict)  # by absolute year
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    words: str = ""
    proofs: Sequence[Proof] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said of it: a number of 0 is something."""
        return not self.words.strip() if self.is_qualitative else self.number is None

    def target_year(self, year: int) -> int | None:
        """Whose target the year is held to: its own, and past the last one the last; None where there is none.

        A term outlasts its targets, by the months after the last year and by an extension: what was promised
        for its end still holds.
        """
        if year in self.targets:
            return year
        last = max(self.targets, default=year)
        return last if last < year else None

    def target_of(self, year: int) -> Decimal | None:
        """The number of that target."""
        held = self.target_year(year)
        return None if held is None else self.targets[held]

    def achieved(self, year: int) -> Achievement:
        """The year's figure against what the year is held to; without either it has no share."""
        return achieve(Aim(self.baseline, self.target_of(year), self.lower_is_better), self.number)

    def path(self, year: int) -> Decimal | None:
        """Where the straight path from baseline to the last target stands; None where either is unknown."""
        if self.baseline is None or not self.targets:
            return None
        last = max(self.targets)
        return path_value(Path(self.baseline_year, self.baseline, last, self.targets[last]), year)

    def lead(self, year: int) -> Decimal | None:
        """By how much the figure is ahead of the path, in its own unit; behind is negative."""
        expected = self.path(year)
        if expected is None or self.number is None:
            return None
        ahead = expected - self.number if self.lower_is_better else self.number - expected
        return ahead or Decimal(0)


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A key task and how far it has come; `done` in per cent, None where nothing was noted."""

    name: str
    goal: str
    done: int | None
    words: str
    noted_on: str = ""  # ISO; reports handed in before it was kept have none

    @property
    def noted(self) -> date | None:
        """The day it was noted."""
        return date.fromisoformat(self.noted_on) if self.noted_on else None


@dataclass(frozen=True, slots=True)
class ProgressContent:
    """Everything a report says."""

    region_code: str
    region_name: str
    round_title: str
    year: int
    readings: Sequence[Reading]
    texts: Mapping[str, str]  # by ProgressText
    tasks: Sequence[TaskReading] = ()
    proofs: Sequence[Proof] = ()  # of the whole

    @property
    def assessed(self) -> list[Reading]:
        """Indicators that count at acceptance."""
        return [row for row in self.readings if row.is_assessed]

    @property
    def reached(self) -> int:
        """Assessed figures that hold the year's target."""
        return sum(row.achieved(self.year).is_reached is True for row in self.assessed)

    @property
    def measured(self) -> int:
        """Assessed figures that have a target to be held against."""
        return sum(row.achieved(self.year).is_reached is not None for row in self.assessed)

    @property
    def has_proofs(self) -> bool:
        """Whether any evidence is attached, to the whole or to a figure."""
        return bool(self.proofs) or any(row.proofs for row in self.readings)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something missing: where on the page, and a sentence."""

    place: str
    code: str
    sentence: str


def lacks_of(content: ProgressContent) -> Iterator[Lack]:
    """What stops a report from being handed in: each assessed indicator, each text, each task (S0 三(二))."""
    for row in content.assessed:
        if row.is_blank:
            what = "说明" if row.is_qualitative else "实际值"
            sentence = f"第{row.order}项“{row.name}”还没有填写{content.year}年{what}。"
            yield Lack(f"line-{row.order}", "line_blank", sentence)
        elif row.achieved(content.year).is_reached is False and not row.words.strip():
            sentence = f"第{row.order}项“{row.name}”未达到年度目标，请在说明中写明原因。"
            yield Lack(f"line-{row.order}", "reason_blank", sentence)
    for text in ProgressText:
        if not content.texts.get(text, "").strip():
            yield Lack(f"id_{text}", "text_blank", f"“{text.label}”还没有填写。")
    for place, task in enumerate(content.tasks, 1):
        if task.done is None:
            sentence = f"重点任务“{task.name}”还没有填写进展，请点“填写进展”。"
            yield Lack(f"task-{place}", "task_blank", sentence)


def canonical_progress(content: ProgressContent) -> str:
    """All of it as canonical JSON, from which `read_progress` makes the same again."""
    document = {
        "region": [content.region_code, content.region_name],
        "round": content.round_title,
        "year": content.year,
        "readings": [_reading(row) for row in content.readings],
        "texts": dict(content.texts),
        "tasks": [_task(each) for each in content.tasks],
        "proofs": _proofs(content.proofs),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(canonical: str) -> str:
    """SHA-256 (hex) of a canonical text."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_progress(canonical: str) -> ProgressContent:
    """What a canonical text was made of."""
    plain_content = json.loads(canonical)
    code, name = plain_content["region"]
    return ProgressContent(
        region_code=code,
        region_name=name,
        round_title=plain_content["round"],
        year=plain_content["year"],
        readings=[_read_reading(row) for row in plain_content["readings"]],
        texts=plain_content["texts"],
        tasks=[TaskReading(*each) for each in plain_content["tasks"]],
        proofs=_read_proofs(plain_content["proofs"]),
    )


def _task(task: TaskReading) -> list[str | int | None]:
    noted = [task.noted_on] if task.noted_on else []
    return [task.name, task.goal, task.done, task.words, *noted]


_NUMBERS = ("baseline", "number", "numerator", "denominator")
_WORDS = ("order", "name", "unit", "kind", "is_assessed", "is_qualitative", "lower_is_better")


def _reading(row: Reading) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*_WORDS, "baseline_year", "words")},
        **{name: plain(getattr(row, name)) for name in _NUMBERS},
        "targets": {str(year): plain(number) for year, number in row.targets.items()},
        "proofs": _proofs(row.proofs),
    }


def _read_reading(row: Mapping[str, Any]) -> Reading:
    # Any: each name has its own type, which `_reading` wrote.
    read: dict[str, Any] = {name: row[name] for name in (*_WORDS, "baseline_year", "words")}
    read |= {name: Decimal(row[name]) if row[name] else None for name in _NUMBERS}
    targets = {int(year): Decimal(number) for year, number in row["targets"].items()}
    return Reading(**read, targets=targets, proofs=_read_proofs(row["proofs"]))


def _proofs(proofs: Sequence[Proof]) -> list[list[str]]:
    return [[each.name, each.sha256, each.file_name] for each in proofs]


def _read_proofs(proofs: Sequence[Sequence[str]]) -> list[Proof]:
    return [Proof(*each) for each in proofs]
