"""What answers would score: asked here, answered by `scoring`, which stands above and registers itself.

An arrow the other way is not allowed, so the one who knows the scheme lends its arithmetic through this port.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.models import Collection
from indicators.rules import CellFigure


@dataclass(frozen=True, slots=True)
class Answers:
    """One county's answers: figures by indicator code, items as (kind code, name) by indicator code."""

    region_code: str
    region_name: str
    figures: Mapping[str, CellFigure]
    items: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    # Last year's confirmed figures, which a scheme may carry forward for a missing one.
    last_year: Mapping[str, CellFigure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineEstimate:
    """One line's points by the engine, of how many, and the arithmetic in words."""

    score: Decimal
    maximum: Decimal
    derivation: str
    is_judged_later: bool = False  # by a panel: 0 for now


@dataclass(frozen=True, slots=True)
class Estimate:
    """A forecast: never stored, never a result. `open_points` is what panels may still add."""

    total: Decimal
    class_name: str
    lines: Mapping[str, LineEstimate]
    open_points: Decimal


@dataclass(frozen=True, slots=True)
class ClassLimit:
    """A class and the total it begins at, best first."""

    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Estimator:
    """The scheme in force for a collection, ready to score many answers."""

    estimate: Callable[[Answers], Estimate]
    # One line alone: indicator code, its figure, its items, region code -> points; None where the scheme lacks it.
    score_line: Callable[[str, CellFigure, Sequence[tuple[str, str]], str], Decimal | None]
    class_of: Callable[[Decimal], str]
    limits: Sequence[ClassLimit]


_source: list[Callable[[Collection], Estimator | None]] = []


def register(source: Callable[[Collection], Estimator | None]) -> None:
    """Called once, from the scoring app's `ready`."""
    _source[:] = [source]


def estimator_of(collection: Collection) -> Estimator | None:
    """The estimator of a collection, or None where no scheme exists for its indicator system."""
    return _source[0](collection) if _source else None
