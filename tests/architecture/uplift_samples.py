"""Uplift plans: of an office of one's own, and of a stranger's."""

from uuid import uuid4

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from indicators.models import IndicatorSystem, SystemVersion
from tests.accounts.people import make_office, make_user
from tests.architecture.samples import Sample, provides
from uplift.models import Plan, PlanVersion, Spending

PROVIDED = {
    *("uplift_version", "uplift_draft", "uplift_county", "uplift_spending"),
    *("uplift_plan_act", "uplift_decide_act"),
}


def _planner(user: User) -> Office:
    """Whose plan concerns the user: a county's city, otherwise his own office."""
    region = user.office.region
    if user.level == Level.COUNTY and region is not None and region.reviewing_office:
        return region.reviewing_office
    return user.office


def _version(office: Office, state: str) -> PlanVersion:
    known = PlanVersion.objects.filter(plan__office=office, state=state).first()
    if known:
        return known
    role = Role.PROVINCE_MANAGER if office.level == Level.PROVINCE else Role.CITY_REVIEWER
    author, decider = make_user(role), make_user(role)
    system = IndicatorSystem.objects.create(code=uuid4().hex, name="试验体系")
    system_version = SystemVersion.objects.create(
        system=system, number=1, state="locked", source="", digest=""
    )
    now = clock.now()
    is_settled = state == "settled"
    return PlanVersion.objects.create(
        plan=Plan.objects.create(office=office, created_by=author, created_at=now),
        number=1,
        state=state,
        state_since=now,
        system_version=system_version,
        title="试验计划",
        base_year=2020,
        from_year=2022,
        to_year=2025,
        classes=["A", "B", "C"],
        base_counts={"A": 0, "B": 0, "C": 0},
        drafted_by=author,
        settled_by=decider if is_settled else None,
        settled_at=now if is_settled else None,
        digest="0" * 64 if is_settled else "",
    )


def _strange(state: str) -> PlanVersion:
    return _version(make_office(Level.CITY), state)


@provides("uplift_version")
def a_version(user: User) -> Sample:
    """In force; the province sees everybody's, so that only a draft is foreign to it."""
    state = "drafted" if user.level == Level.PROVINCE else "settled"
    own = _version(_planner(user), "settled")
    return Sample(own=own.public_id, foreign=_strange(state).public_id)


@provides("uplift_draft")
def a_draft(user: User) -> Sample:
    """A draft of one's own office, and another's plan in force."""
    own = _version(user.office, "drafted")
    return Sample(own=own.public_id, foreign=_strange("settled").public_id)


@provides("uplift_county")
def a_county(user: User) -> Sample:
    """One's own county, or one under one's own plan."""
    from tests.accounts.people import make_region

    if user.level == Level.COUNTY and user.office.region:
        own = user.office.region
    else:
        reviewer = user.office if user.level == Level.CITY else make_office(Level.CITY)
        own = make_region(Level.COUNTY, reviewing_office=reviewer)
    strange = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    return Sample(own=own.public_id, foreign=strange.public_id)


@provides("uplift_spending")
def a_use_of_the_fund(user: User) -> Sample:
    """Of the same plans as the drafts."""
    made = [
        Spending.objects.create(
            plan=version.plan,
            year=2022,
            amount=1,
            use="试验",
            document_number="试验1号",
            spent_on=clock.today(),
            entered_by=user,
            entered_at=clock.now(),
        )
        for version in (_version(user.office, "drafted"), _strange("settled"))
    ]
    return Sample(own=made[0].public_id, foreign=made[1].public_id)


@provides("uplift_plan_act")
def a_planner_s_act(user: User) -> Sample:
    """A word; nothing is foreign but what does not exist."""
    return Sample(own="submit", foreign="unknown")


@provides("uplift_decide_act")
def a_decider_s_act(user: User) -> Sample:
    """The same."""
    return Sample(own="settle", foreign="unknown")
