"""What an acceptance (总结验收, S0 三(三)) says: its canonical text and back, what is missing, how much was reached.

Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.enums import ASSESSED, TargetKind
from applications.rules.achievement import Achievement, Aim, achieve
from applications.rules.terms import BEHIND
from county_portal.common.numbers import plain

VERSION = 2
TEXTS: Mapping[str, str] = {
    "work": "主要工作",
    "results": "建设成效",
    "problems": "存在问题",
    "outlook": "下一步打算",
}


@dataclass(frozen=True, slots=True)
class FinalLine:
    """One indicator at the end: what it was held to, what the county says it reached.

    `key` is the target's primary key, by which it is filled; 0 in what is read back from a handing in.
    """

    key: int
    order: int
    name: str
    unit: str
    kind: str
    is_qualitative: bool
    lower_is_better: bool
    baseline: Decimal | None
    goal: Decimal | None
    goal_year: int | None
    number: Decimal | None
    words: str
    # The newest progress report's figure the province received, and its year.
    reported: Decimal | None = None
    reported_year: int | None = None

    @property
    def is_assessed(self) -> bool:
        """Whether it counts; the others are only watched."""
        return self.kind in ASSESSED

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(TargetKind(self.kind).label)

    @property
    def achievement(self) -> Achievement:
        """The figure held against the last year's target."""
        return achieve(Aim(self.baseline, self.goal, self.lower_is_better), self.number)

    @property
    def is_otherwise_reported(self) -> bool:
        """Whether the figure is another than the one reported for the very year the target is of."""
        return (
            self.number is not None
            and self.reported is not None
            and self.reported_year == self.goal_year
            and self.number != self.reported
        )

    @property
    def verdict(self) -> str:
        """In one word; qualitative rows are the experts' to judge."""
        if self.is_qualitative:
            return "定性"
        reached = self.achievement.is_reached
        return "无数据" if reached is None else "达到" if reached else "未达到"


@dataclass(frozen=True, slots=True)
class FinalTask:
    """A key task and how far it had come; `expected` is what its steps' days asked for by then, in per cent."""

    name: str
    goal: str
    done: int  # nothing noted is nothing done
    expected: int | None
    words: str
    noted: date | None

    @property
    def is_behind(self) -> bool:
        """Whether it lagged behind its steps."""
        return self.expected is not None and self.done + BEHIND < self.expected


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the county hands in."""

    region_code: str
    region_name: str
    number: int
    texts: Mapping[str, str]
    lines: Sequence[FinalLine]
    tasks: Sequence[FinalTask]
    files: Sequence[tuple[str, str, str]]  # name, sha256, name of the file

    @property
    def assessed(self) -> list[FinalLine]:
        """5 designated + 10 chosen + the county's own."""
        return [line for line in self.lines if line.is_assessed]

    @property
    def watched(self) -> list[FinalLine]:
        """The others."""
        return [line for line in self.lines if not line.is_assessed]


@dataclass(frozen=True, slots=True)
class Missing:
    """A place still blank, and where on the page it is."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many assessed indicators came out how."""

    reached: int
    missed: int
    absent: int
    qualitative: int

    @property
    def total(self) -> int:
        """All assessed."""
        return self.reached + self.missed + self.absent + self.qualitative

    @property
    def words(self) -> str:
        """In one sentence."""
        absent = f"，无数据{self.absent}项" if self.absent else ""
        return (
            f"考核指标{self.total}项，其中定量指标达到目标{self.reached}项、未达到{self.missed}项{absent}，"
            f"定性指标{self.qualitative}项由专家评议"
        )


def missing_of(summary: Summary) -> Iterator[Missing]:
    """What must be there before it is handed in: four texts, each assessed indicator, some evidence."""
    for name, label in TEXTS.items():
        if not summary.texts.get(name, "").strip():
            yield Missing(name, f"“{label}”还没有填写。")
    for line in summary.assessed:
        if line.is_qualitative and not line.words.strip():
            yield Missing(f"line-{line.key}", f"定性指标“{line.name}”还没有填写完成情况。")
        if not line.is_qualitative and line.number is None:
            yield Missing(f"line-{line.key}", f"考核指标“{line.name}”还没有填写实际值。")
        if not line.words.strip():
            yield from _unexplained(line)
    if not summary.files:
        yield Missing("files", "还没有上传证明材料，请至少上传一份。")


def _unexplained(line: FinalLine) -> Iterator[Missing]:
    """What a figure wants words for, where it has none."""
    if line.is_otherwise_reported:
        said = f"{plain(line.number)}，{line.reported_year}年度进展报告为{plain(line.reported)}"
        sentence = f"考核指标“{line.name}”填写的是{said}，请在说明中写明不一致的原因。"
        yield Missing(f"line-{line.key}", sentence)
    elif line.achievement.is_reached is False:
        sentence = f"考核指标“{line.name}”未达到目标，请在说明中写明原因。"
        yield Missing(f"line-{line.key}", sentence)


def tally_of(lines: Iterable[FinalLine]) -> Tally:
    """Count assessed lines."""
    verdicts = [line.verdict for line in lines if line.is_assessed]
    return Tally(
        verdicts.count("达到"),
        verdicts.count("未达到"),
        verdicts.count("无数据"),
        verdicts.count("定性"),
    )


def digest_of(canonical: str) -> str:
    """The sha256 (hex) of a canonical text."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def canonical_summary(summary: Summary) -> str:
    """The same content, the same text: JSON with sorted keys, numbers as plain decimals; `parse_summary` reads it."""
    content = {
        "version": VERSION,
        "region": [summary.region_code, summary.region_name],
        "number": summary.number,
        "texts": {name: summary.texts.get(name, "") for name in TEXTS},
        "lines": [_line(each) for each in sorted(summary.lines, key=lambda line: line.order)],
        "tasks": [_task(each) for each in summary.tasks],
        "files": sorted(list(each) for each in summary.files),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse_summary(canonical: str) -> Summary:
    """What a canonical text was made of."""
    content = json.loads(canonical)
    code, name = content["region"]
    return Summary(
        region_code=code,
        region_name=name,
        number=content["number"],
        # In the order of the page: a canonical text is sorted by keys.
        texts={name: content["texts"][name] for name in TEXTS},
        lines=[_read_line(each) for each in content["lines"]],
        tasks=[_read_task(each) for each in content["tasks"]],
        files=[(name, sha256, file_name) for name, sha256, file_name in content["files"]],
    )


_PLAIN = (
    *("order", "name", "unit", "kind", "is_qualitative", "lower_is_better"),
    *("goal_year", "words", "reported_year"),
)
_NUMBERS = ("baseline", "goal", "number", "reported")


def _line(line: FinalLine) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in _PLAIN},
        **{name: plain(getattr(line, name)) for name in _NUMBERS},
    }


def _read_line(content: Mapping[str, Any]) -> FinalLine:
    # Any: each name has its own type, which `_line` wrote.
    read: dict[str, Any] = {name: content[name] for name in _PLAIN}
    read |= {name: Decimal(content[name]) if content[name] else None for name in _NUMBERS}
    return FinalLine(key=0, **read)


def _task(task: FinalTask) -> list[str | int | None]:
    noted = task.noted.isoformat() if task.noted else None
    return [task.name, task.goal, task.done, task.expected, task.words, noted]


def _read_task(content: Sequence[Any]) -> FinalTask:
    name, goal, done, expected, words, noted = content
    return FinalTask(
        name, goal, done, expected, words, date.fromisoformat(noted) if noted else None
    )
