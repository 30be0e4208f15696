"""The door to a county's scenarios: reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from scoring.advice import Position, Standing
from scoring.models import PublishedList, Scenario
from scoring.scenario_figures import Outcome, ScenarioLine, outcome_of
from scoring.selectors.advice import Basis, result_basis, sheet_basis
from scoring.selectors.lists import list_published

# Scenarios one looks at side by side.
SIDE_BY_SIDE = 4


def list_scenarios(user: User) -> QuerySet[Scenario]:
    """One's own county's, newest first, with what they rest on."""
    return (
        Scenario.objects.visible_to(user)
        .select_related("run__collection", "submission__collection", "created_by", "region")
        .defer("run__inputs")
        .order_by("-updated_at", "-pk")
    )


def get_scenario(user: User, public_id: UUID, *, lock: bool = False) -> Scenario:
    """One of those; 404 otherwise."""
    scenarios = list_scenarios(user)
    if lock:
        scenarios = scenarios.select_for_update(of=("self",))
    return get_object_or_404(scenarios, public_id=public_id)


def scenarios_of(user: User, basis: Basis) -> QuerySet[Scenario]:
    """Those that rest on a basis."""
    return list_scenarios(user).filter(run=basis.run, submission=basis.submission)


def list_of(scenario: Scenario) -> PublishedList | None:
    """The newest published list of the run a scenario rests on; None where it rests on a sheet or none is left."""
    if scenario.run is None:
        return None
    return list_published().filter(run=scenario.run).first()


def basis_of(user: User, scenario: Scenario) -> Basis | None:
    """What a scenario rests on, read anew; None where that can no longer be read."""
    if scenario.submission is not None:
        return sheet_basis(user, scenario.submission.public_id)
    published = list_of(scenario)
    if published is None:
        return None
    try:
        return result_basis(user, published.public_id)
    except Http404:
        return None


@dataclass(frozen=True, slots=True)
class Compared:
    """A scenario scored, with the rank its total would have if all others stayed; None on a sheet."""

    scenario: Scenario
    outcome: Outcome
    rank: int | None


def compare(basis: Basis, scenarios: Sequence[Scenario]) -> list[Compared]:
    """Scenarios of one basis scored by the engine; one query a scenario on a published result."""
    compared = []
    for scenario in scenarios:
        outcome = outcome_of(basis.ground, scenario.changes)
        compared.append(Compared(scenario, outcome, _rank(basis, outcome)))
    return compared


@dataclass(frozen=True, slots=True)
class SideLine:
    """One indicator over the scenarios side by side; None where a scenario leaves it."""

    position: Position
    cells: Sequence[ScenarioLine | None]


def side_by_side(standing: Standing, compared: Sequence[Compared]) -> list[SideLine]:
    """The indicators that any of the scenarios changes."""
    lines = [
        SideLine(row, [each.outcome.lines.get(row.indicator.code) for each in compared])
        for row in standing.positions
    ]
    return [line for line in lines if any(line.cells)]


def _rank(basis: Basis, outcome: Outcome) -> int | None:
    if basis.run is None or basis.result is None:
        return None
    others = basis.run.results.exclude(pk=basis.result.pk)
    return 1 + others.filter(total__gt=outcome.total).count()
