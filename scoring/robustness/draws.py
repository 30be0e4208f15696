"""The draws: totals of every county under every disturbance, each source by its own random stream."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from scoring.robustness.lines import Figures, Floats, Ints, Line, Panels, rounded
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


def draw_totals(lines: Sequence[Line], places: int, disturbance: Disturbance) -> Ints:
    """Totals by draw and county, in units of the last place; no sources gives the undisturbed totals.

    Each score is rounded before it is added, as the engine does.
    """
    factors = _weight_factors(lines, disturbance)
    counties = len(lines[0].points) if lines else 0
    totals = np.zeros((disturbance.chance.draws, counties), dtype=np.int64)
    for number, line in enumerate(lines):
        points = np.broadcast_to(line.points, totals.shape)
        if line.figures is not None:
            points = _with_figures(line.figures, number, points, disturbance)
        if line.panels and Source.PANEL in disturbance.sources:
            stream = disturbance.chance.stream(Source.PANEL, number)
            points = _with_panels(line.panels, points, stream)
        totals += rounded(points * factors[:, number : number + 1], places) + line.correction
    return totals


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
    values = np.broadcast_to(figures.values, shape)
    if Source.ROUNDING in sources:
        values = _unrounded(figures, chance.stream(Source.ROUNDING, number), shape)
    if is_doubted:
        stream = chance.stream(Source.WARNINGS, number)
        values = _doubted(figures, values, disturbance.settings, stream)
    moved = points.copy()
    moved[:, figures.counties] = figures.curve(values)
    return moved


def _unrounded(figures: Figures, stream: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Any number that would have been written as these."""
    upper = figures.upper + stream.uniform(-1, 1, shape) * figures.slack_upper
    lower = figures.lower + stream.uniform(-1, 1, shape) * figures.slack_lower
    values: Floats = np.maximum(upper, 0) / lower
    return values


def _doubted(
    figures: Figures, values: Floats, settings: StudySettings, stream: np.random.Generator
) -> Floats:
    """A flagged figure is anything from what it says to what it was compared with."""
    shape = (len(values), len(figures.doubted))
    now = values[:, figures.doubted]
    share = stream.uniform(0, 1, shape)
    side = stream.uniform(-1, 1, shape) * float(settings.warnings)
    towards = np.where(figures.doubt_both, now * (1 + side), now + share * (figures.doubt_at - now))
    moved = values.copy()
    moved[:, figures.doubted] = np.maximum(towards, 0)
    return moved


def _with_panels(panels: Sequence[Panels], points: Floats, stream: np.random.Generator) -> Floats:
    """The means of experts drawn anew, with replacement, from those who scored."""
    moved = points.copy()
    for panel in panels:
        counties, size = panel.scores.shape
        for draw in range(len(points)):
            chosen = stream.integers(0, size, (counties, size))
            moved[draw, panel.counties] = np.take_along_axis(panel.scores, chosen, 1).mean(axis=1)
    return moved


def ranks_of(totals: Ints) -> Ints:
    """Shared ranks within each draw: 1, 2, 2, 4."""
    counties = totals.shape[1]
    ranks = np.empty_like(totals)
    for draw, row in enumerate(totals):
        ranks[draw] = 1 + counties - np.searchsorted(np.sort(row), row, side="right")
    return ranks
