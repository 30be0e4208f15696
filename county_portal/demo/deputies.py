"""One county whose head is away: the clerk stands in for a fortnight."""

from datetime import timedelta

from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.roles import Role
from county_portal.administration.actions.deputies import DeputyInput, name_deputy
from county_portal.common import clock
from county_portal.demo.season import Stage
from county_portal.demo.story import STORY

_DAYS = 14
# A county that nobody shows anything else of; none in a province that does not name one.
_COVERED: str = STORY.get("covered", "")


def play_deputies(stage: Stage) -> None:
    """The head names the clerk."""
    if not _COVERED:
        return
    people = User.objects.filter(office__region__code=_COVERED, is_active=True)
    lead = people.get(role=Role.COUNTY_LEAD)
    filler = people.filter(role=Role.COUNTY_FILLER).order_by("pk")[0]
    today = clock.today()
    name_deputy(
        actor=lead,
        data=DeputyInput(
            filler.public_id, today, today + timedelta(days=_DAYS - 1), "参加省委党校培训。"
        ),
    )
    stage.say(f"代办：{filler.office.name}1项")


def count_deputies() -> dict[str, int]:
    """How many stand in for a colleague today."""
    return {"deputyships": Deputyship.objects.in_effect(clock.today()).count()}
