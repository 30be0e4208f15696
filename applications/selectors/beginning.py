"""Whether a county may begin an application, asked by the page before and by the act itself."""

from applications.enums import NO_LONGER, UNDER_WAY, RoundState
from applications.models import Pilot, PilotRound
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.text import chinese_date


def why_not_begin(call: PilotRound, county: Region) -> Stale | None:
    """Why the county's bureau may not begin an application in the round now, or None."""
    if county.ended_on:
        ended = chinese_date(county.ended_on)
        return Stale("region_ended", f"{county.full_name}已于{ended}撤销，不能再申报。")
    if call.state != RoundState.OPEN:
        return Stale(
            "round_closed", f"“{call.title}”现为“{call.get_state_display()}”，不能开始申报。"
        )
    if clock.today() < call.opens_on:
        opens = chinese_date(call.opens_on)
        return Stale("round_not_begun", f"“{call.title}”自{opens}起受理申报，请届时再开始申报。")
    if clock.today() > call.county_due_on:
        due = chinese_date(call.county_due_on)
        return Stale("deadline_passed", f"“{call.title}”已于{due}截止报送，不能再开始申报。")
    return _standing_refusal(call, county)


def _standing_refusal(call: PilotRound, county: Region) -> Stale | None:
    """S0 names counties *into* the programme, S4 townships of counties that are in it."""
    pilots = Pilot.objects.filter(region=county, parent__isnull=True).select_related("round")
    if call.unit_level == Level.TOWNSHIP:
        if pilots.exclude(state__in=NO_LONGER).exists():
            return None
        return Stale(
            "county_not_pilot",
            f"{county.full_name}不是试点县，所属乡镇（街道）不能申报。请先申报县级试点。",
        )
    pilot = pilots.filter(state__in=UNDER_WAY).first()
    if pilot is None:
        return None
    return Stale(
        "already_pilot",
        f"{county.full_name}是{pilot.round.title}确定的试点，建设期至{chinese_date(pilot.ends_on)}，"
        "通过总结验收或退出之前不能再申报。",
    )
