"""Two versions of a sheet side by side, from the texts that were kept. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from indicators.rules.cells import CellFigure, CellSpec, recorded_figure


@dataclass(frozen=True, slots=True)
class KeptItem:
    """A named item as a version lists it."""

    kind: str
    name: str
    year: str
    approval_number: str
    file_sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one text says; which line counts a kind of evidence is the caller's to know."""

    text: str
    figures: dict[str, CellFigure]
    items: Sequence[KeptItem]
    reasons: Sequence[tuple[str, str, str, str]]
    # The county government's approval; empty where there was none.
    approval: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Self:
        """The version of a canonical text, see `actions.records.content_document`."""
        document: dict[str, Any] = json.loads(text)
        return cls(
            text,
            {code: recorded_figure(value) for code, value in document["values"].items()},
            [KeptItem(*item) for item in document["evidence"]],
            [
                (line, rule, sentence, reason)
                for line, rule, sentence, reason in document["explanations"]
            ],
            document["approval"],
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the text, computed now."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Side:
    """One line in one version."""

    figure: CellFigure | None
    items: Sequence[KeptItem]
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line in both."""

    spec: CellSpec
    before: Side
    after: Side

    @property
    def added(self) -> list[KeptItem]:
        """Items that only the later one lists."""
        return [item for item in self.after.items if item not in self.before.items]

    @property
    def removed(self) -> list[KeptItem]:
        """Items that only the earlier one lists."""
        return [item for item in self.before.items if item not in self.after.items]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after


def side_of(version: Version, code: str, kinds: frozenset[str]) -> Side:
    """One line of a version; `kinds` are the kinds of evidence that line counts."""
    return Side(
        version.figures.get(code),
        [item for item in version.items if item.kind in kinds],
        [reason for line, _, _, reason in version.reasons if line == code],
    )


def compare(
    before: Version, after: Version, lines: Sequence[tuple[CellSpec, frozenset[str]]]
) -> list[ComparedLine]:
    """Every line of both versions, the changed ones first, else in table order."""
    compared = [
        ComparedLine(spec, side_of(before, spec.code, kinds), side_of(after, spec.code, kinds))
        for spec, kinds in lines
    ]
    return sorted(compared, key=lambda line: not line.is_changed)
