"""The draws: totals of every county under every disturbance, each source by its own random stream."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from scoring.engine.types import Scheme, TotalRule
from scoring.robustness.curves import Floats, Sides
from scoring.robustness.lines import Figures, Ints, Line, Panels, rounded
from scoring.robustness.settings import SINGLE, Source, StudySettings


@dataclass(frozen=True, slots=True)
class Chance:
    """The seed and how many draws; the same pair gives the same numbers."""

    seed: int
    draws: int

    def stream(self, source: Source, line: int) -> np.random.Generator:
        """The random numbers of one source on one line: the others neither take from it nor shift it."""
        spawned = np.random.SeedSequence(self.seed, spawn_key=(SINGLE.index(source), line))
        return np.random.Generator(np.random.PCG64(spawned))


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Which sources disturb, how much, and by which random numbers."""

    settings: StudySettings
    chance: Chance
    sources: Set[Source]


def draw_totals(
    lines: Sequence[Line], decided: Ints, scheme: Scheme, disturbance: Disturbance
) -> Ints:
    """Totals by draw and county, in units of the last place; no sources gives the `decided` totals.

    Rounded as the scheme rounds: each score before it is added, or their sum.
    """
    factors = _weight_factors(lines, disturbance)
    shape = (disturbance.chance.draws, len(decided))
    is_sum_rounded = scheme.total is TotalRule.ROUNDED_SUM
    totals, sums = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for number, line in enumerate(lines):
        points = _disturbed(line, number, shape, disturbance) * factors[:, number : number + 1]
        if is_sum_rounded:
            sums += points
        else:
            totals += rounded(points, scheme.places, scheme.mode) + line.correction
    if not is_sum_rounded:
        return totals
    still = rounded(
        sum((line.points for line in lines), np.zeros(shape[1])), scheme.places, scheme.mode
    )
    return rounded(sums, scheme.places, scheme.mode) + (decided - still)


def _disturbed(line: Line, number: int, shape: tuple[int, int], disturbance: Disturbance) -> Floats:
    points: Floats = np.broadcast_to(line.points, shape)
    if line.figures is not None:
        points = _with_figures(line.figures, number, points, disturbance)
    if line.panels and Source.PANEL in disturbance.sources:
        points = _with_panels(line.panels, points, disturbance.chance.stream(Source.PANEL, number))
    if line.doubted_items and Source.WARNINGS in disturbance.sources:
        points = _with_items(line, number, points, disturbance)
    return points


def _with_items(line: Line, number: int, points: Floats, disturbance: Disturbance) -> Floats:
    """Lists with a warning explained: their points off by a share to either side, full marks at most."""
    at, noise = list(line.doubted_items), float(disturbance.settings.warnings)
    stream = disturbance.chance.stream(Source.WARNINGS, number)
    off = 1 + stream.uniform(-noise, noise, (len(points), len(at)))
    moved = points.copy()
    moved[:, at] = np.minimum(points[:, at] * off, line.weight)
    return moved


def _weight_factors(lines: Sequence[Line], disturbance: Disturbance) -> Floats:
    """What each indicator's points are multiplied by in each draw; the weights keep their sum."""
    shape = (disturbance.chance.draws, len(lines))
    if Source.WEIGHTS not in disturbance.sources:
        return np.ones(shape)
    noise = float(disturbance.settings.weights)
    factors = 1 + disturbance.chance.stream(Source.WEIGHTS, 0).uniform(-noise, noise, shape)
    weights = np.array([line.weight for line in lines])
    scaled: Floats = factors * (weights.sum() / (factors @ weights))[:, None]
    return scaled


def _with_figures(
    figures: Figures, number: int, points: Floats, disturbance: Disturbance
) -> Floats:
    chance, sources = disturbance.chance, disturbance.sources
    is_doubted = Source.WARNINGS in sources and len(figures.doubted)
    if Source.ROUNDING not in sources and not is_doubted:
        return points
    shape = (chance.draws, len(figures.counties))
    sides = Sides(
        np.broadcast_to(figures.sides.upper, shape), np.broadcast_to(figures.sides.lower, shape)
    )
    if Source.ROUNDING in sources:
        sides = _unrounded(figures, chance.stream(Source.ROUNDING, number), shape)
    if is_doubted:
        stream = chance.stream(Source.WARNINGS, number)
        sides = _doubted(figures, sides, disturbance.settings, stream)
    moved = points.copy()
    moved[:, figures.counties] = figures.curve(sides, figures.around)
    return moved


def _unrounded(figures: Figures, stream: np.random.Generator, shape: tuple[int, int]) -> Sides:
    """Any numbers that would have been written as these."""
    upper = figures.sides.upper + stream.uniform(-1, 1, shape) * figures.slack.upper
    lower = figures.sides.lower + stream.uniform(-1, 1, shape) * figures.slack.lower
    return Sides(np.maximum(upper, 0), lower)


def _doubted(
    figures: Figures, sides: Sides, settings: StudySettings, stream: np.random.Generator
) -> Sides:
    """A flagged figure is anything from what it says to what it was compared with."""
    at = figures.doubted
    now = sides.upper[:, at] / sides.lower[:, at]
    share = stream.uniform(0, 1, now.shape)
    off = stream.uniform(-1, 1, now.shape) * float(settings.warnings)
    towards = np.where(figures.doubt_both, now * (1 + off), now + share * (figures.doubt_at - now))
    upper = sides.upper.copy()
    upper[:, at] = np.maximum(towards, 0) * sides.lower[:, at]
    return Sides(upper, sides.lower)


def _with_panels(panels: Sequence[Panels], points: Floats, stream: np.random.Generator) -> Floats:
    """The means of experts drawn anew, with replacement, from those who scored."""
    moved = points.copy()
    for panel in panels:
        counties, size = panel.scores.shape
        for draw in range(len(points)):
            chosen = stream.integers(0, size, (counties, size))
            drawn = np.take_along_axis(panel.scores, chosen, axis=1)
            moved[draw, panel.counties] = panel.means(drawn)
    return moved


def ranks_of(totals: Ints) -> Ints:
    """Shared ranks within each draw: 1, 2, 2, 4. Lines that part equal totals are not asked."""
    counties = totals.shape[1]
    ranks = np.empty_like(totals)
    for draw, row in enumerate(totals):
        ranks[draw] = 1 + counties - np.searchsorted(np.sort(row), row, side="right")
    return ranks
