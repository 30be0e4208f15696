"""The chart that sets scores against medians and means: numbers to paths, as in `card_charts`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.card_charts import Tick, scaled, shortened, tenth


@dataclass(frozen=True, slots=True)
class BarText:
    """The words of a row, and the baseline they stand on."""

    y: int
    name: str
    score: str
    share: str  # blank where rows are many


@dataclass(frozen=True, slots=True)
class MarkedBars:
    """Rows on one scale from 0 to 100 %; each kind of mark is one path, since drawing many is slow."""

    width: int
    height: int
    height_mm: Decimal
    names: int
    track: int
    size: int  # of the type
    texts: tuple[BarText, ...]
    tracks: str
    bars: str
    medians: str  # upright strokes
    cities: str  # diamonds
    means: str  # circles
    grid: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class MarkedScore:
    """What is drawn of a score."""

    name: str
    score: Decimal
    weight: Decimal
    class_median: Decimal | None
    city_median: Decimal | None
    province_mean: Decimal | None


def marked_bars(rows: Sequence[MarkedScore], *, is_dense: bool = False) -> MarkedBars:
    """Scores as shares of their points; `is_dense` for many rows with long names."""
    names, pitch, thick, size = (640, 48, 26, 25) if is_dense else (260, 70, 40, 30)
    track = (1540 if is_dense else 1340) - names
    placed = [(20 + pitch * place, row) for place, row in enumerate(rows)]
    grid = (Tick(tenth(Decimal(track) * part / 4), f"{part * 25}%") for part in range(5))
    height = 20 + pitch * len(rows) + 36

    def marks(
        shape: Callable[[Decimal, int], str], pick: Callable[[MarkedScore], Decimal | None]
    ) -> str:
        return "".join(
            shape(scaled(value, row.weight, track), top)
            for top, row in placed
            if (value := pick(row)) is not None
        )

    return MarkedBars(
        width=1740,
        height=height,
        height_mm=Decimal(height) / 10,
        names=names,
        track=track,
        size=size,
        texts=tuple(_bar_text(row, top + thick - 4, is_dense=is_dense) for top, row in placed),
        tracks="".join(f"M0 {top}h{track}v{thick}h-{track}z" for top, _ in placed),
        bars=marks(lambda at, top: f"M0 {top}h{at}v{thick}h-{at}z", lambda row: row.score),
        medians=marks(lambda at, top: f"M{at} {top - 7}v{thick + 14}", lambda row: row.class_median),
        cities=marks(
            lambda at, top: f"M{at} {top + thick // 2 - 12}l12 12l-12 12l-12 -12z",
            lambda row: row.city_median,
        ),
        means=marks(
            lambda at, top: f"M{at - 10} {top + thick // 2}a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z",
            lambda row: row.province_mean,
        ),
        grid=tuple(grid),
    )  # fmt: skip


def _bar_text(row: MarkedScore, baseline: int, *, is_dense: bool) -> BarText:
    share = "" if is_dense else f"{_share(row.score, row.weight)}%"
    return BarText(
        baseline, shortened(row.name), f"{row.score:.2f} / {row.weight.normalize():f}", share
    )


def _share(score: Decimal, weight: Decimal) -> Decimal:
    return (score / weight * 100).quantize(Decimal(1), ROUND_HALF_UP) if weight else Decimal(0)
