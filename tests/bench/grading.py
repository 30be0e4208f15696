"""Grading all counties against one SQL statement that does the same arithmetic, in the same run.

The floor reads the figures, scores every line, keeps the lines and the totals in tables and ranks the
counties: nothing less than a grading must do, and nothing more. The engine adds frozen inputs,
digests and a derivation for each line.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from scoring.actions.grading import grade_run
from scoring.engine.types import ItemisedRule, PanelRule, PiecewiseRule, Scheme
from scoring.models import GradingRun, Result
from scoring.selectors.runs import engine_scheme

ROUNDS = 7

FLOOR = """
WITH bands (code, low, high, points_low, points_high) AS (VALUES {bands}),
     kinds (code, kind, points) AS (VALUES {kinds}),
     exclusive (code, kind, family) AS (VALUES {families}),
     caps (code, cap) AS (VALUES {caps}),
     panels (code) AS (VALUES {panels}),
     graded AS (
        SELECT s.id, s.region_id FROM indicators_submission s
        WHERE s.collection_id = %(collection)s AND s.state IN ('accepted', 'province_review')),
     before AS (
        SELECT s.region_id, i.code, COALESCE(v.numerator / v.denominator * i.factor, v.number) AS figure
        FROM indicators_submission s
        JOIN indicators_collection c ON c.id = s.collection_id AND c.data_year = %(year)s - 1
        JOIN indicators_value v ON v.submission_id = s.id AND v.absence = ''
        JOIN indicators_indicator i ON i.id = v.indicator_id
        WHERE s.state IN ('accepted', 'province_review')),
     figures AS (
        SELECT g.id, i.code, CASE WHEN v.absence = '' OR %(carries)s = '' THEN
                 COALESCE(v.numerator / v.denominator * i.factor, v.number)
               ELSE b.figure END AS figure
        FROM graded g
        JOIN indicators_value v ON v.submission_id = g.id
        JOIN indicators_indicator i ON i.id = v.indicator_id
        LEFT JOIN before b ON b.region_id = g.region_id AND b.code = i.code),
     piecewise AS (
        SELECT f.id, f.code, ROUND(b.points_low + CASE WHEN b.high IS NULL THEN 0 ELSE
                 (f.figure - b.low) * (b.points_high - b.points_low) / (b.high - b.low) END, 2) AS score
        FROM figures f
        JOIN bands b ON b.code = f.code AND f.figure >= b.low AND (b.high IS NULL OR f.figure < b.high)),
     items AS (
        SELECT e.submission_id AS id, k.code, COALESCE(x.family, e.id::text) AS family, MAX(k.points) AS points
        FROM graded g
        JOIN indicators_evidenceitem e ON e.submission_id = g.id
        JOIN indicators_evidencekind ek ON ek.id = e.kind_id
        JOIN kinds k ON k.kind = ek.code
        LEFT JOIN exclusive x ON x.code = k.code AND x.kind = k.kind
        GROUP BY 1, 2, 3),
     itemised AS (
        SELECT g.id, c.code, ROUND(LEAST(c.cap, COALESCE(SUM(i.points), 0)), 2) AS score
        FROM graded g CROSS JOIN caps c LEFT JOIN items i ON i.id = g.id AND i.code = c.code
        GROUP BY g.id, c.code, c.cap),
     panel AS (
        SELECT g.id, p.code, ROUND(AVG(ps.score), 2) AS score
        FROM graded g CROSS JOIN panels p
        JOIN scoring_panelscore ps ON ps.submission_id = g.id AND ps.indicator_code = p.code
        GROUP BY g.id, p.code),
     kept AS (
        INSERT INTO bench_line (submission_id, code, score)
        SELECT * FROM piecewise UNION ALL SELECT * FROM itemised UNION ALL SELECT * FROM panel
        RETURNING submission_id, score)
INSERT INTO bench_total (submission_id, total, rank)
SELECT submission_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC) FROM kept GROUP BY submission_id
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds of both, their ratio, and how many counties gave the same total."""

    counties: int
    lines: int
    floor: float
    engine: float
    agreeing: int

    @property
    def ratio(self) -> float:
        """Engine over floor."""
        return self.engine / self.floor


def measure(run: GradingRun) -> Measured:
    """Grade the run's collection again both ways, in turn, each rolled back."""
    scheme = engine_scheme(run.scheme_version)
    statement = _statement(scheme)
    floor, engine, totals = [], [], {}
    for _ in range(ROUNDS):
        floor.append(_timed(lambda: _floor(run, statement, scheme, totals)))
        engine.append(_timed(lambda: _engine(run)))
    stored = dict(run.results.values_list("submission", "total"))
    return Measured(
        counties=len(stored),
        lines=sum(1 for _ in scheme.indicators) * len(stored),
        floor=statistics.median(floor),
        engine=statistics.median(engine),
        agreeing=sum(totals.get(key) == total for key, total in stored.items()),
    )


class _Undo(Exception):
    """Ends a measured block without keeping what it wrote."""


def _timed(block: Callable[[], float]) -> float:
    try:
        with transaction.atomic():
            return _raise_after(block)
    except _Undo as undo:
        return float(undo.args[0])


def _raise_after(block: Callable[[], float]) -> float:
    raise _Undo(block())


def _floor(
    run: GradingRun, statement: str, scheme: Scheme, totals: dict[int, Decimal]
) -> float:
    carries = "yes" if any("carry" in indicator.absence.missing for indicator in scheme.indicators) else ""
    values = {"collection": run.collection_id, "year": run.collection.data_year, "carries": carries}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_line (submission_id bigint, code text, score numeric(7, 2), "
            "PRIMARY KEY (submission_id, code));"
            "CREATE TABLE bench_total (submission_id bigint PRIMARY KEY, total numeric(7, 2), rank int)"
        )
        started = time.perf_counter()
        cursor.execute(statement, values)
        seconds = time.perf_counter() - started
        cursor.execute("SELECT submission_id, total FROM bench_total")
        totals.update(cursor.fetchall())
    return seconds


def _engine(run: GradingRun) -> float:
    again = GradingRun.objects.create(
        collection=run.collection,
        scheme_version=run.scheme_version,
        number=run.collection.runs.count() + 1,
        requested_by=run.requested_by,
        created_at=run.created_at,
    )
    started = time.perf_counter()
    grade_run(again.pk)
    seconds = time.perf_counter() - started
    if Result.objects.filter(run=again).count() != run.results.count():
        raise AssertionError("the measured run graded other counties than the stored one")
    return seconds


def _statement(scheme: Scheme) -> str:
    return FLOOR.format(
        bands=_values(_bands(scheme)),
        kinds=_values(_kinds(scheme)),
        families=_values(_families(scheme)),
        caps=_values(
            (row.code, row.rule.cap) for row in scheme.indicators if isinstance(row.rule, ItemisedRule)
        ),
        panels=_values((row.code,) for row in scheme.indicators if isinstance(row.rule, PanelRule)),
    )


def _bands(scheme: Scheme) -> Iterator[tuple[object, ...]]:
    for row in scheme.indicators:
        if isinstance(row.rule, PiecewiseRule):
            for band in row.rule.bands:
                yield row.code, band.start, band.end, band.points_start, band.points_end


def _kinds(scheme: Scheme) -> Iterator[tuple[object, ...]]:
    for row in scheme.indicators:
        if isinstance(row.rule, ItemisedRule):
            for kind in row.rule.kinds:
                yield row.code, kind.code, kind.points or Decimal(0)


def _families(scheme: Scheme) -> Iterator[tuple[object, ...]]:
    for row in scheme.indicators:
        if isinstance(row.rule, ItemisedRule):
            for place, family in enumerate(row.rule.exclusive):
                for kind in family:
                    yield row.code, kind, f"family {place}"


def _values(rows: Iterator[tuple[object, ...]]) -> str:
    """SQL literals of trusted scheme data; the first row types the columns."""
    return ", ".join(f"({', '.join(_literal(cell) for cell in row)})" for row in rows)


def _literal(cell: object) -> str:
    if cell is None:
        return "NULL::numeric"
    return f"{cell:f}::numeric" if isinstance(cell, Decimal) else "'" + str(cell).replace("'", "''") + "'"
