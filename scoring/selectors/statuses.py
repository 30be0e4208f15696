"""The four statuses of a run's counties side by side, with the reasons for what differs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db.models import QuerySet

from county_portal.accounts.models import Region
from indicators.enums import SubmissionAction
from indicators.models import CellComment, Explanation, MonthlyTarget, ReturnItem, Snapshot
from indicators.rules.versions import Version
from indicators.selectors.catalogue import catalogue_of
from scoring.engine.codec import inputs_from_bytes
from scoring.engine.types import CountyFigures, Flag, GradingInputs, Scheme
from scoring.models import FigureCorrection, GradingRun, Result
from scoring.selectors.runs import engine_scheme
from scoring.statuses import Stage, Status, StatusLine, cell_of, restate, stage_of, with_targets

# By region code and indicator code: label and words.
_Reasons = Mapping[tuple[str, str], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class CountyStatuses:
    """One county in all statuses it has; `city` is the code of the region it lies in."""

    region: Region
    city: str
    lines: Sequence[StatusLine]
    totals: Mapping[Status, tuple[Decimal, str]]

    @property
    def row(self) -> list[tuple[Status, tuple[Decimal, str] | None]]:
        """Total and class in every status, with nothing where the county lacks it."""
        return [(status, self.totals.get(status)) for status in Status]

    @property
    def differing(self) -> list[StatusLine]:
        """The lines on which any two statuses differ."""
        return [line for line in self.lines if line.differs]


def read_statuses(run: GradingRun, region: Region | None = None) -> list[CountyStatuses]:
    """Every county of a complete run by rank, or one; the same number of queries for one as for all.

    The whole batch is scored in each status even for one county: a scheme may compare counties.
    """
    desk = _Desk(run)
    results = run.results.select_related("region__parent").order_by("rank", "region__code")
    if region is not None:
        results = results.filter(region=region)
    return list(desk.counties(results))


@dataclass(frozen=True, slots=True)
class DifferenceFilter:
    """What the province's table is narrowed to; blanks narrow nothing."""

    city: str = ""
    indicator: str = ""
    is_unexplained: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of one county on which two statuses differ."""

    region: Region
    line: StatusLine


def list_differences(run: GradingRun, wanted: DifferenceFilter) -> list[Difference]:
    """By rank of the county, then in the scheme's order; as many queries for one county as for all."""
    return [
        Difference(county.region, line)
        for county in read_statuses(run)
        if wanted.city in {"", county.city}
        for line in county.differing
        if wanted.indicator in {"", line.code} and not (wanted.is_unexplained and line.reasons)
    ]


class _Desk:
    """A run read once: its frozen figures, the texts of its sheets, targets, and the reasons given."""

    def __init__(self, run: GradingRun) -> None:
        self.run = run
        self.scheme: Scheme = engine_scheme(run.scheme_version)
        self.inputs: GradingInputs = inputs_from_bytes(run.inputs)
        self.catalogue = catalogue_of(run.collection.version_id)
        self.codes: dict[int, str] = dict(run.results.values_list("submission", "region__code"))
        self.expected: dict[str, set[str]] = {}
        self.stages = self._stages()
        self.reasons = self._reasons()

    def counties(self, results: QuerySet[Result]) -> Iterator[CountyStatuses]:
        """Put together county by county."""
        for result in results:
            code = result.region.code
            totals = {
                status: (found.total, found.class_name)
                for status, stage in self.stages.items()
                if (found := stage.results.get(code))
                and (status != Status.FORECAST or self.expected.get(code))
            }
            parent = result.region.parent
            city = parent.code if parent else ""
            yield CountyStatuses(result.region, city, self._lines(code), totals)

    def _lines(self, region: str) -> list[StatusLine]:
        lines = []
        for row in self.scheme.indicators:
            cells = {
                status: cell
                for status, stage in self.stages.items()
                if (cell := cell_of(stage, region, row.code, row.unit))
                and (status != Status.FORECAST or row.code in self.expected.get(region, ()))
            }
            reasons = self.reasons.get((region, row.code), ())
            lines.append(StatusLine(row.code, row.name, row.weight, cells, reasons))
        return lines

    def _stages(self) -> dict[Status, Stage]:
        frozen = {county.code: county for county in self.inputs.counties}
        handed_in = self._texts(SubmissionAction.SUBMIT, "number")
        confirmed = self._texts(SubmissionAction.APPROVE, "-number")
        kinds = {
            code: frozenset(kind.code for kind in row.evidence_kinds.all())
            for code, row in self.catalogue.indicators.items()
        }
        state = partial(_restated, frozen, kinds)
        stated = state(handed_in)
        return {
            Status.FORECAST: self._score(self._expected(handed_in, stated)),
            Status.SELF: self._score(stated),
            Status.CITY: self._score(state(confirmed)),
            Status.DECIDED: self._score(frozen),
        }

    def _score(self, counties: Mapping[str, CountyFigures]) -> Stage:
        return stage_of(counties, self.inputs, self.scheme)

    def _texts(self, action: SubmissionAction, order: str) -> dict[str, Version]:
        """The first or (`-number`) last text kept at a step before the run, by region code."""
        rows = (
            Snapshot.objects.filter(
                submission__in=self.codes,
                step__action=action,
                step__at__lte=self.run.completed_at,
            )
            .order_by("submission_id", order)
            .distinct("submission_id")
        )
        return {
            self.codes[pk]: Version.read(content)
            for pk, content in rows.values_list("submission_id", "content")
        }

    def _expected(
        self, handed_in: Mapping[str, Version], stated: Mapping[str, CountyFigures]
    ) -> dict[str, CountyFigures]:
        """What counties expected: figures handed in as forecasts, else the year's targets; the rest as stated."""
        targets = self._targets()
        for region, version in handed_in.items():
            marked = {code for code, figure in version.figures.items() if figure.is_forecast}
            targets[region] = {
                code: number for code, number in targets[region].items() if code not in marked
            }
            self.expected[region] = marked | set(targets[region])
        return {
            region: with_targets(county, targets[region])
            for region, county in stated.items()
            if self.expected.get(region)
        }

    def _targets(self) -> defaultdict[str, dict[str, Decimal]]:
        """Targets of the data year set under any version of the system, by region and indicator code."""
        rows = MonthlyTarget.objects.filter(
            call__year=self.run.collection.data_year,
            call__version__system=self.catalogue.version.system_id,
            region__code__in=self.codes.values(),
            indicator__code__in=self.catalogue.indicators,
        ).order_by("set_at", "pk")
        found: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
        for region, code, number in rows.values_list("region__code", "indicator__code", "number"):
            found[region][code] = number
        return found

    def _reasons(self) -> _Reasons:
        found: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for reasons in (_returns, _comments, _explanations):
            for pk, code, label, words in reasons(list(self.codes)):
                found[self.codes[pk], code].append((label, words))
        for region, code, words in self._corrections():
            found[region, code].append(("申诉更正", words))
        for county in self.stages[Status.DECIDED].results.values():
            for line in county.lines:
                if Flag.CARRIED_FORWARD in line.flags:
                    found[county.code, line.indicator].append(
                        ("沿用", "本年度未报，沿用上年度数。")
                    )
        return found

    def _corrections(self) -> list[tuple[str, str, str]]:
        rows = FigureCorrection.objects.filter(
            collection=self.run.collection_id, made_at__lte=self.run.completed_at
        ).order_by("made_at", "pk")
        columns = ("region__code", "indicator_code", "appeal__decision_words")
        return list(rows.values_list(*columns))


def _restated(
    frozen: Mapping[str, CountyFigures],
    kinds: Mapping[str, frozenset[str]],
    texts: Mapping[str, Version],
) -> dict[str, CountyFigures]:
    return {region: restate(frozen[region], text, kinds) for region, text in texts.items()}


# Submission, indicator code, label and words.
_Reason = tuple[int, str, str, str]


def _returns(ids: Sequence[int]) -> Iterator[_Reason]:
    rows = ReturnItem.objects.filter(packet__submission__in=ids).exclude(indicator_code="")
    for item in rows.select_related("packet").order_by("packet__step", "pk"):
        words = "，".join(each for each in (item.get_reason_display(), item.words) if each)
        answer = f"；县级答复：{item.answer}" if item.answer else ""
        words = words.rstrip("。；") if answer else words
        yield item.packet.submission_id, item.indicator_code, "退回", f"{words}{answer}"


def _comments(ids: Sequence[int]) -> Iterator[_Reason]:
    rows = CellComment.objects.filter(submission__in=ids).order_by("written_at", "pk")
    for pk, code, text in rows.values_list("submission_id", "indicator_code", "text"):
        yield pk, code, "批注", text


def _explanations(ids: Sequence[int]) -> Iterator[_Reason]:
    rows = Explanation.objects.filter(submission__in=ids).order_by("given_at", "pk")
    for pk, code, text in rows.values_list("submission_id", "indicator_code", "reason"):
        yield pk, code, "县级说明", text
