"""Grading all counties against one SQL statement that does the same work, in the same run.

The statement freezes its inputs as JSON with a SHA-256, scores every line, writes each line's derivation
in words and steps, keeps lines and totals in tables with the same unique index, and ranks the counties.
It has no foreign keys, no triggers, no results document and no checks of its input: a floor, not an equal.
"""

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from scoring.actions.grading import grade_run
from scoring.engine.batch import score_batch
from scoring.engine.codec import inputs_from_bytes, results_bytes
from scoring.engine.types import (
    BatchResult,
    CountyResult,
    ItemisedRule,
    PanelRule,
    PiecewiseRule,
    Scheme,
)
from scoring.models import GradingRun
from scoring.selectors.runs import engine_scheme
from tests.bench.provinces import multiply

ROUNDS = 7
# All counties of the country; and the years an archive of them holds, 1 026 000 scores.
COUNTRY = 2850
YEARS = 20

FLOOR = """
WITH bands (code, low, high, points_low, points_high) AS (VALUES {bands}),
     kinds (code, kind, name, points) AS (VALUES {kinds}),
     exclusive (code, kind, family) AS (VALUES {families}),
     caps (code, cap) AS (VALUES {caps}),
     panels (code) AS (VALUES {panels}),
     graded AS (
        SELECT s.id, s.region_id FROM indicators_submission s
        WHERE s.collection_id = %(collection)s AND s.state IN ('accepted', 'province_review')),
     before AS (
        SELECT s.region_id, i.code, v.numerator, v.denominator, i.factor, v.number
        FROM indicators_submission s
        JOIN indicators_collection c ON c.id = s.collection_id AND c.data_year = %(year)s - 1
        JOIN indicators_value v ON v.submission_id = s.id AND v.absence = ''
        JOIN indicators_indicator i ON i.id = v.indicator_id
        WHERE s.state IN ('accepted', 'province_review')),
     cells AS (
        SELECT g.id, i.code, i.factor, v.absence, v.status, v.number, v.numerator, v.denominator, i.unit,
               COALESCE(v.numerator / v.denominator * i.factor, v.number,
                        b.numerator / b.denominator * b.factor, b.number) AS figure
        FROM graded g
        JOIN indicators_value v ON v.submission_id = g.id
        JOIN indicators_indicator i ON i.id = v.indicator_id
        LEFT JOIN before b ON v.absence <> '' AND b.region_id = g.region_id AND b.code = i.code),
     evidence AS (
        SELECT e.submission_id AS id, k.code, k.kind, k.name AS kind_name, k.points, e.name,
               COALESCE(x.family, e.id::text) AS family
        FROM graded g
        JOIN indicators_evidenceitem e ON e.submission_id = g.id
        JOIN indicators_evidencekind ek ON ek.id = e.kind_id
        JOIN kinds k ON k.kind = ek.code
        LEFT JOIN exclusive x ON x.code = k.code AND x.kind = k.kind),
     given AS (
        SELECT g.id, p.code, ps.score FROM graded g CROSS JOIN panels p
        JOIN scoring_panelscore ps ON ps.submission_id = g.id AND ps.indicator_code = p.code),
     listed AS (
        SELECT id, code, jsonb_agg(jsonb_build_object('kind', kind, 'name', name) ORDER BY kind, name) AS items
        FROM evidence GROUP BY id, code),
     heard AS (
        SELECT id, code, jsonb_agg(score::text ORDER BY score) AS scores FROM given GROUP BY id, code),
     documents AS (
        SELECT c.id, jsonb_build_object('county', c.id, 'figures', jsonb_agg(jsonb_build_object(
                 'indicator', c.code, 'value', c.number::text, 'numerator', c.numerator::text,
                 'denominator', c.denominator::text, 'factor', c.factor::text, 'absence', c.absence,
                 'status', c.status, 'items', l.items, 'panel', h.scores) ORDER BY c.code)) AS document
        FROM cells c
        LEFT JOIN listed l ON l.id = c.id AND l.code = c.code
        LEFT JOIN heard h ON h.id = c.id AND h.code = c.code
        GROUP BY c.id),
     frozen AS (
        INSERT INTO bench_run (inputs, digest)
        SELECT inputs, encode(sha256(convert_to(inputs, 'UTF8')), 'hex')
        FROM (SELECT jsonb_agg(document ORDER BY id)::text AS inputs FROM documents) AS whole),
     hit AS (
        SELECT c.*, b.low, b.high, b.points_low, b.points_high,
               b.points_low + CASE WHEN b.high IS NULL THEN 0 ELSE
                 (c.figure - b.low) * (b.points_high - b.points_low) / (b.high - b.low) END AS points
        FROM cells c
        JOIN bands b ON b.code = c.code AND c.figure >= b.low AND (b.high IS NULL OR c.figure < b.high)),
     piecewise AS (
        SELECT id, code, ROUND(points, 2) AS score,
               format('%%s ÷ %%s × %%s；%%s − (%%s − %%s) ÷ (%%s − %%s) × %%s = %%s', numerator, denominator,
                      factor, points_high, high, figure, high, low, points_high - points_low, ROUND(points, 2)
               ) AS derivation,
               jsonb_build_array(
                 jsonb_build_array('value', '数值', figure || unit),
                 jsonb_build_array('ratio', '比值', format('%%s ÷ %%s × %%s', numerator, denominator, factor)),
                 jsonb_build_array('band', '区间', format('%%s至%%s%%s，%%s至%%s分', low, high, unit, points_low,
                                                        points_high)),
                 jsonb_build_array('arithmetic', '计算', format('%%s − (%%s − %%s) ÷ (%%s − %%s) × %%s = %%s',
                                   points_high, high, figure, high, low, points_high - points_low, points)),
                 jsonb_build_array('rounded', '得分', ROUND(points, 2)::text)) AS steps
        FROM hit),
     best AS (
        SELECT id, code, family, MAX(points) AS points,
               string_agg(kind_name || ' ' || name, '、' ORDER BY name) AS names
        FROM evidence GROUP BY id, code, family),
     itemised AS (
        SELECT g.id, c.code, ROUND(LEAST(c.cap, COALESCE(SUM(i.points), 0)), 2) AS score,
               format('%%s = %%s', string_agg(i.points::text, ' + '), SUM(i.points)) AS derivation,
               jsonb_build_array(jsonb_build_array('items', '清单', string_agg(i.names, '；')),
                 jsonb_build_array('rounded', '得分', SUM(i.points)::text)) AS steps
        FROM graded g CROSS JOIN caps c LEFT JOIN best i ON i.id = g.id AND i.code = c.code
        GROUP BY g.id, c.code, c.cap),
     panel AS (
        SELECT id, code, ROUND(AVG(score), 2) AS score,
               format('(%%s) ÷ %%s', string_agg(score::text, ' + '), COUNT(*)) AS derivation,
               jsonb_build_array(jsonb_build_array('panel', '专家评分', string_agg(score::text, '、'))) AS steps
        FROM given GROUP BY id, code),
     kept AS (
        INSERT INTO bench_line (submission_id, code, score, derivation, steps)
        SELECT * FROM piecewise UNION ALL SELECT * FROM itemised UNION ALL SELECT * FROM panel
        RETURNING submission_id, score)
INSERT INTO bench_total (submission_id, total, rank)
SELECT submission_id, SUM(score), RANK() OVER (ORDER BY SUM(score) DESC) FROM kept GROUP BY submission_id
"""

TABLES = """
CREATE TABLE bench_run (inputs text, digest text);
CREATE TABLE bench_line (submission_id bigint, code text, score numeric(7, 2), derivation text, steps jsonb,
                         id bigserial PRIMARY KEY, UNIQUE (submission_id, code));
CREATE TABLE bench_total (submission_id bigint PRIMARY KEY, total numeric(7, 2), rank int)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds of both, their ratio, and how many counties gave the same total."""

    counties: int
    lines: int
    floor: float
    engine: float
    agreeing: int
    again: float  # graded once more from the same, which writes no result

    @property
    def ratio(self) -> float:
        """Engine over floor."""
        return self.engine / self.floor


def measure_country(run: GradingRun) -> tuple[Measured, str]:
    """The same with the run's counties many times over, rolled back; and what twenty such years take of memory."""
    measured: list[tuple[Measured, str]] = []

    def work() -> float:
        times = -(-COUNTRY // run.results.count())
        multiply(run.collection, times)
        measured.append((measure(run, rounds=3), _years(run)))
        return 0.0

    _timed(work)
    return measured[0]


def _years(run: GradingRun) -> str:
    """Score the country's counties for twenty years, one after the other as runs do; the process's peak."""
    frozen: list[str] = []
    _engine(run, frozen)
    scheme, inputs = engine_scheme(run.scheme_version), inputs_from_bytes(frozen[0])
    before = _peak_mb()
    started = time.perf_counter()
    scores = sum(
        len(line.lines) for _ in range(YEARS) for line in _scored(score_batch(inputs, scheme))
    )
    seconds = time.perf_counter() - started
    return f"{scores} scores in {seconds:.1f} s, peak {_peak_mb()} MB ({before} MB before)"


def _scored(batch: BatchResult) -> Sequence[CountyResult]:
    results_bytes(batch)
    return batch.counties


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(run: GradingRun, rounds: int = ROUNDS) -> Measured:
    """Grade the run's collection again both ways, in turn, each rolled back."""
    scheme = engine_scheme(run.scheme_version)
    statement = _statement(scheme)
    with connection.cursor() as cursor:
        # A database just loaded has no statistics, and would plan the one statement badly.
        cursor.execute("ANALYZE")
    floor: list[float] = []
    engine: list[float] = []
    totals: dict[int, Decimal] = {}
    again: list[float] = []
    stored: dict[int, Decimal] = {}
    for _ in range(rounds):
        floor.append(_timed(lambda: _floor(run, statement, totals)))
        engine.append(_timed(lambda: _engine(run, totals=stored, again=again)))
    return Measured(
        counties=len(stored),
        lines=len(scheme.indicators) * len(stored),
        again=statistics.median(again),
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


def _floor(run: GradingRun, statement: str, totals: dict[int, Decimal]) -> float:
    values = {"collection": run.collection_id, "year": run.collection.data_year}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        started = time.perf_counter()
        cursor.execute(statement, values)
        seconds = time.perf_counter() - started
        cursor.execute("SELECT submission_id, total FROM bench_total")
        totals.update(cursor.fetchall())
    return seconds


def _engine(
    run: GradingRun,
    frozen: list[str] | None = None,
    totals: dict[int, Decimal] | None = None,
    again: list[float] | None = None,
) -> float:
    """Seconds of one more run; what it froze, what it gave and how long its repetition took go to the lists."""
    made, seconds = _graded(run)
    if frozen is not None:
        frozen.append(made.inputs)
    if totals is not None:
        totals.update(made.results.values_list("submission", "total"))
    if again is not None:
        repeated, taken = _graded(run)
        if repeated.same_as != made:
            raise AssertionError("the repeated run wrote results a second time")
        again.append(taken)
    return seconds


def _graded(run: GradingRun) -> tuple[GradingRun, float]:
    """One more run of the collection. The stored run itself would not be written a second time, so this one differs."""
    made = GradingRun.objects.create(
        collection=run.collection,
        scheme_version=run.scheme_version,
        number=run.collection.runs.count() + 1,
        requested_by=run.requested_by,
        created_at=run.created_at,
        exception_reason="measured",
    )
    started = time.perf_counter()
    graded = grade_run(made.pk)
    return graded, time.perf_counter() - started


def _statement(scheme: Scheme) -> str:
    return FLOOR.format(
        bands=_values(_bands(scheme)),
        kinds=_values(_kinds(scheme)),
        families=_values(_families(scheme)),
        caps=_values(
            (row.code, row.rule.cap)
            for row in scheme.indicators
            if isinstance(row.rule, ItemisedRule)
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
                yield row.code, kind.code, kind.name, kind.points or Decimal(0)


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
    return (
        f"{cell:f}::numeric"
        if isinstance(cell, Decimal)
        else "'" + str(cell).replace("'", "''") + "'"
    )
