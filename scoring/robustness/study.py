"""The study itself: draws per source and together, what they did to each county, boundary cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import numpy as np

from scoring.engine.types import BatchResult, CountyResult, GradeClass, GradingInputs, Scheme
from scoring.robustness.draws import Chance, Disturbance, draw_totals, ranks_of
from scoring.robustness.lines import Counted, Doubt, Ints, prepare, units
from scoring.robustness.settings import SINGLE, Source, StudySettings

# The share of draws left out on either side of an interval.
TAIL = Decimal("0.05")
_SHARE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known around the frozen figures."""

    counted: Mapping[str, Counted] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """What the draws of one source did to a county; `low` and `high` leave out TAIL on either side."""

    change: Decimal
    best_rank: int
    worst_rank: int
    low: Decimal
    high: Decimal

    @property
    def percent(self) -> Decimal:
        """The chance of another class in percent."""
        return self.change * 100


@dataclass(frozen=True, slots=True)
class CountyStudy:
    """One county: `limit` is the class limit nearest to its total, `distance` negative below it."""

    code: str
    name: str
    total: Decimal
    class_name: str
    rank: int
    limit_class: str
    limit: Decimal | None
    distance: Decimal | None
    spreads: Mapping[Source, Spread]
    doubts: int
    is_boundary: bool

    @property
    def together(self) -> Spread:
        return self.spreads[Source.TOGETHER]


@dataclass(frozen=True, slots=True)
class Study:
    """Counties by rank."""

    settings: StudySettings
    chance: Chance
    counties: Sequence[CountyStudy]
    doubts: Sequence[Doubt]
    # Classes with a limit to miss, best first.
    limits: Sequence[GradeClass]

    @property
    def boundary(self) -> list[CountyStudy]:
        return [county for county in self.counties if county.is_boundary]


def study_robustness(
    inputs: GradingInputs,
    scheme: Scheme,
    batch: BatchResult,
    settings: StudySettings,
    chance: Chance,
    known: Known | None = None,
) -> Study:
    """Draw each source alone and all together; the same arguments give the same study to the bit."""
    known = known or Known()
    lines = prepare(inputs, scheme, batch, known.counted, known.doubts)
    codes = sorted(batch.by_code)
    decided = units([batch.by_code[code].total for code in codes], scheme.places)
    limits = [grade for grade in scheme.classes if grade.at_least > 0]
    scenarios = {source: {source} for source in SINGLE} | {Source.TOGETHER: set(SINGLE)}
    spreads: dict[Source, dict[str, Spread]] = {}
    for source, sources in scenarios.items():
        disturbance = Disturbance(settings, chance, sources)
        drawn = draw_totals(lines, decided, scheme, disturbance)
        spreads[source] = _spreads(drawn, decided, codes, scheme)
    doubted = [doubt.county for doubt in known.doubts]
    counties = [
        _county(
            county,
            limits,
            {source: spreads[source][county.code] for source in scenarios},
            doubted.count(county.code),
            settings,
        )
        for county in batch.counties
    ]
    return Study(settings, chance, counties, list(known.doubts), limits)


def _spreads(
    totals: Ints, decided: Ints, codes: Sequence[str], scheme: Scheme
) -> dict[str, Spread]:
    unit = Decimal(10) ** scheme.places
    # From lowest to highest, the first total that reaches each class.
    reached = np.array(
        sorted(
            int((grade.at_least * unit).to_integral_value(ROUND_CEILING))
            for grade in scheme.classes
            if grade.at_least > 0
        ),
        dtype=np.int64,
    )
    is_other = np.searchsorted(reached, totals, side="right") != np.searchsorted(
        reached, decided, side="right"
    )
    changed = is_other.sum(axis=0)
    ranks = ranks_of(totals)
    best, worst = ranks.min(axis=0), ranks.max(axis=0)
    ordered, cut = np.sort(totals, axis=0), int(len(totals) * TAIL)
    low, high = ordered[cut], ordered[len(totals) - 1 - cut]
    return {
        code: Spread(
            (Decimal(int(changed[at])) / len(totals)).quantize(_SHARE, ROUND_HALF_UP),
            int(best[at]),
            int(worst[at]),
            Decimal(int(low[at])) / unit,
            Decimal(int(high[at])) / unit,
        )
        for at, code in enumerate(codes)
    }


def _county(
    county: CountyResult,
    limits: Sequence[GradeClass],
    spreads: Mapping[Source, Spread],
    doubts: int,
    settings: StudySettings,
) -> CountyStudy:
    nearest = min(limits, key=lambda grade: abs(county.total - grade.at_least), default=None)
    distance = None if nearest is None else county.total - nearest.at_least
    is_near = distance is not None and abs(distance) <= settings.epsilon
    is_loose = spreads[Source.TOGETHER].change >= settings.threshold or any(
        spread.change >= settings.threshold for spread in spreads.values()
    )
    return CountyStudy(
        county.code,
        county.name,
        county.total,
        county.class_name,
        county.rank,
        nearest.name if nearest else "",
        nearest.at_least if nearest else None,
        distance,
        spreads,
        doubts,
        is_boundary=bool(limits) and (is_near or is_loose),
    )
