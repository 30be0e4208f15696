"""How the stages came out on the published lists, and the fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from county_portal.common import clock
from uplift.models import Plan, PlanVersion, Spending
from uplift.rules.fund import FundBalance, balances, total_of
from uplift.rules.positions import places_of
from uplift.rules.standing import StageOutcome, stage_outcome
from uplift.rules.text import PlanText, Stage
from uplift.selectors.plans import counties_of, names_of
from uplift.selectors.texts import listed_classes, valid_lists


@dataclass(frozen=True, slots=True)
class Rise:
    """The counties of a stage that are to go the same way."""

    before: str
    after: str
    names: Sequence[str]

    @property
    def stays(self) -> bool:
        """Whether they are named as staying."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage, its named counties by way, and its outcome where a list was published."""

    stage: Stage
    rises: Sequence[Rise]
    outcome: StageOutcome | None
    names: Mapping[str, str]

    def _named(self, codes: Sequence[str]) -> list[str]:
        return [self.names[code] for code in codes]

    @property
    def counts(self) -> list[tuple[str, int, int | None]]:
        """Class, planned, as listed."""
        found = self.outcome.counts if self.outcome else {}
        return [(name, count, found.get(name)) for name, count in self.stage.counts.items()]

    @property
    def note(self) -> str:
        """Why there is nothing to compare with: the list is yet to come, or the portal does not hold it."""
        if self.outcome is not None:
            return ""
        year = self.stage.data_year
        published = self.stage.publication_year or year + 1
        if clock.today().year > published:
            return f"平台没有{year}年度的公布名单，本阶段不作对照。"
        return f"{year}年度名单应于{published}年公布，公布后与计划对照。"

    @property
    def results(self) -> list[tuple[str, str, list[str]]]:
        """Kind, words and names of what came about; kinds nobody belongs to are left out."""
        if self.outcome is None:
            return []
        rows = (
            ("success", "按计划跃升", self.outcome.risen_as_named),
            ("danger", "列名未跃升", self.outcome.not_risen),
            ("info", "未列名而跃升", self.outcome.risen_unnamed),
            ("warning", "退档", self.outcome.fallen),
            ("neutral", "不在名单上", self.outcome.unlisted),
        )
        return [(tone, words, self._named(codes)) for tone, words, codes in rows if codes]


def read_stages(version: PlanVersion, text: PlanText) -> list[StageProgress]:
    """Every stage against the valid list of its data year; four queries."""
    counties = counties_of(version.plan.office)
    names, listed = names_of(counties), listed_classes(valid_lists(version))
    places = places_of(text, names)
    found = []
    for number, stage in enumerate(text.stages):
        actual = listed.get(stage.data_year)
        outcome = (
            stage_outcome(
                text.heading.classes, places.at(number - 1), places.at(number), actual, list(names)
            )
            if actual
            else None
        )
        found.append(StageProgress(stage, _rises(stage, names), outcome, names))
    return found


def _rises(stage: Stage, names: Mapping[str, str]) -> list[Rise]:
    ways: dict[tuple[str, str], list[str]] = {}
    for move in stage.moves:
        ways.setdefault((move.before, move.after), []).append(names.get(move.county, move.county))
    return [Rise(before, after, found) for (before, after), found in ways.items()]


@dataclass(frozen=True, slots=True)
class Fund:
    """The special fund: by year, altogether, and every use."""

    years: Sequence[FundBalance]
    total: FundBalance
    entries: Sequence[Spending]


def list_spending(plan: Plan) -> QuerySet[Spending]:
    """Uses of the fund, those taken back too."""
    rows = plan.spending.select_related("region", "entered_by__office", "revoked_by")
    return rows.order_by("year", "spent_on", "pk")


def spent_by_year(plan: Plan) -> dict[int, Decimal]:
    """What stands as used, by year."""
    rows = plan.spending.filter(revoked_at__isnull=True).order_by().values_list("year")
    return dict(rows.annotate(Sum("amount")))


def read_fund(version: PlanVersion, text: PlanText) -> Fund:
    """The fund of a version; two queries."""
    years = balances(text.fund, spent_by_year(version.plan))
    return Fund(years, total_of(years), list(list_spending(version.plan)))


def get_spending(version: PlanVersion, public_id: UUID, *, lock: bool = False) -> Spending:
    """One use of a version's plan; 404 otherwise."""
    rows = list_spending(version.plan)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, public_id=public_id)
