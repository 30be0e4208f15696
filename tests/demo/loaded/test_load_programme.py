"""The pilot programme a visitor finds: 27 pilots in two batches, and a round in every state."""

from collections import Counter
from datetime import date

import pytest

from applications.enums import (
    AcceptanceState,
    ApplicationState,
    ListState,
    PilotState,
    RoundState,
    SheetState,
)
from applications.models import (
    Acceptance,
    Application,
    ApplicationStep,
    PanelSheet,
    Pilot,
    PilotEvent,
    PilotList,
    PilotRound,
    PilotTarget,
    Reached,
    TargetChange,
)
from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.demo.programme.register import load_batches
from county_portal.demo.programme.tally import count_programme
from county_portal.documents.models import Paper
from county_portal.notices.models import Notice
from reports.enums import ProgressState
from reports.models import ProgressReport, ProgressSummary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def present() -> PilotRound:
    return PilotRound.objects.get(year=clock.today().year, unit_level="county")


class TestBatches:
    @pytest.mark.parametrize("place, year, number", [(0, 2018, 7), (1, 2023, 20)])
    def test_each_has_its_counties_by_code_from_its_published_list(self, place, year, number):
        batch, call = load_batches()[place], PilotRound.objects.get(year=year)
        pilots = Pilot.objects.filter(round=call)
        codes = {county.code for county in batch.counties}
        assert set(pilots.values_list("region__code", flat=True)) == codes
        assert len(codes) == number
        assert {(pilot.starts_on, pilot.planned_end) for pilot in pilots} == {
            (batch.starts_on, batch.ends_on)
        }
        published = PilotList.objects.get(round=call)
        assert published.state == ListState.PUBLISHED
        assert published.paper.year == year
        assert call.state == RoundState.DECIDED

    def test_every_application_was_approved_recommended_and_judged(self):
        for application in Application.objects.filter(round__year__in=[2018, 2023]):
            acts = list(application.steps.values_list("action", flat=True))
            assert acts[:6] == ["finish", "approve_county", "submit", "accept", "approve", "admit"]
            sheets = PanelSheet.objects.filter(application=application)
            assert {sheet.state for sheet in sheets} == {SheetState.GIVEN}

    def test_acts_bear_the_dates_of_their_year(self):
        steps = ApplicationStep.objects.filter(application__round__year=2018)
        assert {step.at.astimezone(clock.BEIJING).year for step in steps} == {2018}

    def test_each_pilot_is_held_to_five_ten_and_its_own(self):
        kinds = Counter(PilotTarget.objects.values_list("pilot", "kind"))
        for pilot in Pilot.objects.all():
            assert kinds[pilot.pk, "designated"] == 5
            assert kinds[pilot.pk, "starred"] == 10
            assert kinds[pilot.pk, "own"] == 1

    def test_one_was_refused_and_applies_again(self):
        states = dict(
            Application.objects.filter(region__code="131081").values_list("round__year", "state")
        )
        assert states == {
            2023: ApplicationState.NOT_SELECTED,
            clock.today().year: ApplicationState.DRAFT,
        }

    def test_the_first_batch_was_accepted_one_after_putting_things_right(self):
        pilots = Pilot.objects.filter(round__year=2018)
        assert {pilot.state for pilot in pilots} == {PilotState.ACCEPTED}
        outcomes = Acceptance.objects.filter(pilot__in=pilots).values_list("outcome", flat=True)
        assert Counter(outcomes) == {"passed": 7, "rectify": 1}
        assert Acceptance.objects.filter(pilot__in=pilots, paper=None).count() == 0

    def test_the_second_is_being_accepted_in_every_state(self):
        acceptances = Acceptance.objects.filter(pilot__round__year=2023)
        assert {row.state for row in acceptances} == {str(state) for state in AcceptanceState}
        assert min(row.begun_at.date() for row in acceptances) > date(2026, 6, 9)

    def test_terms_and_targets_changed_by_recorded_acts(self):
        acts = Counter(PilotEvent.objects.values_list("act", flat=True))
        assert (acts["begin"], acts["extend"], acts["suspend"], acts["resume"]) == (27, 1, 1, 1)
        change = TargetChange.objects.get()
        assert change.state == "approved"
        assert change.year_target.number == change.after != change.year_target.promised


class TestReports:
    def test_every_year_was_reported_but_for_one(self):
        reports = ProgressReport.objects.values_list("pilot__round__year", "year", "state")
        received = Counter((batch, year) for batch, year, state in reports if state == "received")
        assert received == {
            **{(2018, year): 7 for year in (2018, 2019, 2020)},
            (2023, 2023): 20,
            (2023, 2024): 20,
            (2023, 2025): 19,
        }
        missing = ProgressReport.objects.exclude(state=ProgressState.RECEIVED).get()
        assert (missing.pilot.region.code, missing.year, missing.is_missing) == (
            "130821",
            2025,
            True,
        )

    def test_late_ones_are_late(self):
        late = [report for report in ProgressReport.objects.all() if report.is_late]
        assert {(report.pilot.region.code, report.year) for report in late} == {
            ("130982", 2019),
            ("130607", 2024),
            ("130481", 2025),
            ("130821", 2025),
        }

    def test_what_was_reached_is_public_once_summed_up(self):
        assert Reached.objects.filter(published_at__isnull=True).count() == 0
        years = ProgressSummary.objects.values_list("year", flat=True)
        assert sorted(years) == [2018, 2019, 2020, 2023, 2024, 2025]

    def test_some_kept_their_promise_and_some_did_not(self):
        shares = []
        for pilot in Pilot.objects.prefetch_related("targets__years", "targets__reached"):
            for target in pilot.targets.all():
                goals = {goal.year: goal.number for goal in target.years.all()}
                shares += [
                    (figure.number <= goals[figure.year])
                    if target.lower_is_better
                    else (figure.number >= goals[figure.year])
                    for figure in target.reached.all()
                    if figure.number is not None and figure.year in goals
                ]
        assert 0.5 < sum(shares) / len(shares) < 0.95


class TestPresentRound:
    def test_applications_stand_in_every_state_before_the_decision(self):
        states = Counter(present().applications.values_list("state", flat=True))
        decided = {ApplicationState.SELECTED, ApplicationState.NOT_SELECTED}
        assert set(states) == {str(state) for state in ApplicationState if state not in decided}

    def test_one_letter_lapsed_and_was_issued_again(self):
        letters = Paper.objects.filter(kind="recommendation_letter", year=clock.today().year)
        assert Counter(letters.values_list("status", flat=True)) == {"valid": 3, "lapsed": 1}

    def test_the_panel_has_begun(self):
        sheets = PanelSheet.objects.filter(application__round=present())
        assert {sheet.state for sheet in sheets} == {str(state) for state in SheetState}

    def test_nothing_lies_in_the_future(self):
        steps = ApplicationStep.objects.filter(application__round=present())
        assert present().opened_at < min(step.at for step in steps)
        assert max(step.at for step in steps) < clock.now()


def test_a_pilot_county_enters_its_townships():
    application = Application.objects.get(round__unit_level="township")
    assert application.region.parent.code == "130109"
    assert application.state == ApplicationState.DRAFT
    assert Region.objects.filter(parent=application.region.parent, level="township").count() == 3


def test_nobody_is_told_of_what_was_done_with_years_ago():
    for public_id in Application.objects.filter(round__year__in=[2018, 2023]).values_list(
        "public_id", flat=True
    ):
        assert not Notice.objects.filter(path__contains=str(public_id)).exists()


def test_the_tally_is_read_back():
    assert count_programme() == {
        "rounds": 4,
        "applications": 28 + 15 + 1,
        "letters": 7 + 12 + 4,
        "letters_void": 1,
        "selected": 27,
        "progress_reports": 80,
        "accepted": 8,
    }
