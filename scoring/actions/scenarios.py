"""What-if scenarios: kept, changed, removed. None of it is ever submitted or scored as a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from scoring.models import Scenario
from scoring.scenario_figures import Changes
from scoring.selectors.advice import Basis
from scoring.selectors.scenarios import get_scenario

# More on one basis nobody looks through.
AT_MOST = 30


@dataclass(frozen=True, slots=True)
class ScenarioInput:
    """A name and the changes as `scenario_figures.read_changes` gives them."""

    name: str
    changes: Changes


@transaction.atomic
def create_scenario(*, actor: User, basis: Basis, data: ScenarioInput) -> Scenario:
    """Keep a scenario on a basis. Raises Invalid for a blank or taken name and where nothing is changed."""
    region = _own_region(actor)
    # The county's row stands for its list of scenarios: two pages saved at once must not pass its bound together.
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    kept = Scenario.objects.filter(region=region, run=basis.run, submission=basis.submission)
    if kept.count() >= AT_MOST:
        raise Invalid(
            "scenarios_too_many",
            f"{basis.title}已存有{AT_MOST}个设想方案，请先删去不用的再保存。",
            "name",
        )
    _check(data, taken=kept.filter(name=data.name).exists())
    scenario = Scenario.objects.create(
        region=region,
        run=basis.run,
        submission=basis.submission,
        name=data.name,
        changes=data.changes,
        created_by=actor,
        updated_at=clock.now(),
    )
    _record(actor, "create_scenario", scenario, {"name": data.name, "changes": data.changes})
    return scenario


@transaction.atomic
def change_scenario(
    *, actor: User, scenario_id: UUID, revision: int, data: ScenarioInput
) -> Scenario:
    """Rename it or change its figures. Raises Stale where somebody saved it since the page was opened."""
    _own_region(actor)
    scenario = get_scenario(actor, scenario_id, lock=True)
    _check_revision(scenario, revision)
    others = Scenario.objects.filter(
        region=scenario.region, run=scenario.run, submission=scenario.submission
    ).exclude(pk=scenario.pk)
    _check(data, taken=others.filter(name=data.name).exists())
    detail = {
        "name": [scenario.name, data.name],
        "changes": [scenario.changes, data.changes],
    }
    scenario.name, scenario.changes = data.name, dict(data.changes)
    scenario.revision += 1
    scenario.updated_at = clock.now()
    scenario.save(update_fields=["name", "changes", "revision", "updated_at"])
    _record(actor, "change_scenario", scenario, detail)
    return scenario


@transaction.atomic
def remove_scenario(*, actor: User, scenario_id: UUID, revision: int) -> None:
    """Remove it for good. Raises Stale where somebody saved it since the page was opened."""
    _own_region(actor)
    scenario = get_scenario(actor, scenario_id, lock=True)
    _check_revision(scenario, revision)
    detail = {"name": scenario.name, "changes": scenario.changes}
    _record(actor, "remove_scenario", scenario, detail)
    scenario.delete()


def _own_region(actor: User) -> Region:
    region = actor.office.region
    if not actor.holds(Permission.PLAN_AHEAD) or region is None:
        raise NotAllowed
    return region


def _check(data: ScenarioInput, *, taken: bool) -> None:
    if not data.name.strip():
        raise Invalid("scenario_name_blank", "请给设想方案起一个名称。", "name")
    if taken:
        raise Invalid(
            "scenario_name_taken", f"已有名为“{data.name}”的设想方案，请换一个名称。", "name"
        )
    if not data.changes:
        raise Invalid("scenario_unchanged", "没有改动任何数据，请至少改动一项再保存。")


def _check_revision(scenario: Scenario, revision: int) -> None:
    if scenario.revision != revision:
        raise Stale(
            "scenario_changed",
            f"设想方案“{scenario.name}”在您打开页面后已被他人修改，本次没有保存，请刷新页面核对后再办理。",
        )


def _record(actor: User, act: str, scenario: Scenario, detail: Mapping[str, Any]) -> None:
    entry = Entry(act, "scenario", str(scenario.public_id), detail, scenario.region.code)
    record(actor, entry)
