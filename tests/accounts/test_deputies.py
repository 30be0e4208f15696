"""代办: the table written out a second time, and what a deputyship gives on a day."""

from datetime import datetime, time, timedelta
from itertools import product

import pytest
import time_machine
from django.db import IntegrityError, transaction

from county_portal.accounts.deputies import LINES, lent_permissions
from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.roles import (
    ROLE_KIND,
    ROLE_LEVEL,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)
from county_portal.administration.actions.deputies import end_deputy
from county_portal.audit.actions import Entry, record
from county_portal.audit.models import Event
from county_portal.common import clock
from tests.factories.deputies import stand_in
from tests.factories.people import make_person


def on_day(day):
    """Ten in the morning of a day."""
    return time_machine.travel(datetime.combine(day, time(10), clock.BEIJING), tick=False)


# deputy, absent: what comes over, in the words of the permissions' values.
TABLE = {
    (
        "county_filler",
        "county_lead",
    ): "indicators.submit pilots.hand_in scoring.appeal measures.keep",
    ("county_lead", "county_filler"): "indicators.fill pilots.apply measures.report",
    ("city_reviewer", "city_signer"): "uplift.decide documents.sign",
    ("city_signer", "city_reviewer"): (
        "indicators.review pilots.recommend scoring.opine documents.draft uplift.plan "
        "monitoring.follow scoring.watch measures.keep measures.report"
    ),
    ("province_manager", "province_checker"): "scoring.lock documents.check",
    ("province_checker", "province_manager"): (
        "indicators.collect scoring.scheme scoring.grade scoring.prepare scoring.review_appeal "
        "reports.batch pilots.run documents.draft uplift.plan monitoring.follow measures.keep "
        "measures.report notices.manage documents.texts accounts.calendar"
    ),
    ("province_checker", "province_publisher"): (
        "scoring.publish scoring.decide_appeal pilots.decide uplift.decide documents.sign"
    ),
    ("province_publisher", "province_checker"): (
        "scoring.lock scoring.robustness documents.check scoring.watch"
    ),
    ("province_publisher", "province_manager"): (
        "monitoring.follow accounts.calendar notices.manage"
    ),
}
NEVER = (
    *("county_provider", "city_unit", "province_unit", "province_expert"),
    *("system_admin", "security_admin", "auditor"),
)

P = Permission
# Two pairs of eyes: who did the first may not do the second to the same row. Act that guards it → its refusal;
# each is tried for real: tests/administration/test_deputy_guards.py, tests/reports/test_progress.py,
# tests/applications/test_acceptances.py. The unguarded stand in no line; some have guards all the same.
PAIRS = {
    (P.FILL, P.SUBMIT): {"submit_submission": "submitter_filled"},
    (P.PROVIDE, P.SUBMIT): {},
    (P.APPLY, P.HAND_IN): {
        "submit_application": "own_application",
        "submit_progress_report": "own_report",
        "submit_acceptance": "own_acceptance",
    },
    (P.PLAN_UPLIFT, P.DECIDE_UPLIFT): {"settle_uplift_plan": "own_plan"},
    (P.DRAFT_DOCUMENT, P.CHECK_DOCUMENT): {"check_draft": "same_person"},
    (P.DRAFT_DOCUMENT, P.SIGN_DOCUMENT): {"issue_draft": "same_person"},
    (P.CHECK_DOCUMENT, P.SIGN_DOCUMENT): {"issue_draft": "checker_signs"},
    (P.EDIT_SCHEME, P.LOCK_SCHEME): {"lock_scheme_version": "own_version"},
    (P.CHECK_ROBUSTNESS, P.PUBLISH_LIST): {"publish_list": "second_person_required"},
    (P.GRADE, P.PUBLISH_LIST): {},
    (P.PREPARE_LIST, P.PUBLISH_LIST): {},
    (P.OPINE_APPEAL, P.DECIDE_APPEAL): {},
    (P.REVIEW_APPEAL, P.DECIDE_APPEAL): {},
    (P.RUN_PILOTS, P.DECIDE_PILOTS): {},
    (P.REVIEW, P.COLLECT): {},
    (P.SCORE_PANEL, P.GRADE): {},
    (P.JUDGE_PILOTS, P.RUN_PILOTS): {},
    (P.MANAGE_USERS, P.MANAGE_SECURITY): {},
}


def test_the_table_says_what_is_written_here():
    written = {
        (Role(deputy), Role(absent)): frozenset(map(Permission, words.split()))
        for (deputy, absent), words in TABLE.items()
    }
    assert dict(LINES) == written


def test_a_line_gives_what_the_absent_has_and_the_deputy_lacks():
    for (deputy, absent), lent in LINES.items():
        assert lent <= ROLE_PERMISSIONS[absent] - ROLE_PERMISSIONS[deputy]
        assert ROLE_LEVEL[deputy] == ROLE_LEVEL[absent]
        assert not {deputy, absent} & set(ROLE_KIND)


def test_experts_departments_liaisons_and_administrators_are_in_no_line():
    for one, other in product(map(Role, NEVER), Role):
        assert not lent_permissions(one, other)
        assert not lent_permissions(other, one)


def test_what_comes_together_in_one_person_is_guarded_by_the_row():
    """A pair a line brings together has at least one guarded act; an unguarded pair is in no line."""
    together = {
        pair
        for deputy, absent in LINES
        for pair in PAIRS
        if set(pair) <= ROLE_PERMISSIONS[deputy] | lent_permissions(deputy, absent)
        and not set(pair) <= ROLE_PERMISSIONS[deputy]
    }
    assert together == {pair for pair, guards in PAIRS.items() if guards}


# --- what it gives on a day ------------------------------------------------------------------------


def test_it_adds_to_the_deputy_and_takes_nothing_from_the_absent(people):
    assert not people.filler.holds(P.SUBMIT)

    stand_in(people.filler, people.lead)

    assert people.filler.holds(P.SUBMIT)
    assert people.filler.holds(P.FILL)
    assert people.lead.holds(P.SUBMIT)
    assert not people.lead.holds(P.FILL)


def test_it_counts_on_its_days_alone(people):
    stand_in(people.filler, people.lead, start=1, days=2)
    found = {}
    for ahead in range(4):
        with on_day(clock.today() + timedelta(days=ahead)):
            found[ahead] = people.filler.holds(P.SUBMIT)
    assert found == {0: False, 1: True, 2: True, 3: False}


@pytest.mark.parametrize("side", ["absent", "deputy"])
@pytest.mark.parametrize("what", ["disabled", "other post", "other office"])
def test_it_lapses_when_either_moves_on(people, province, side, what):
    stand_in(people.filler, people.lead)
    person = people.lead if side == "absent" else people.filler
    moved = {
        "disabled": {"is_active": False},
        "other post": {"role": Role.COUNTY_PROVIDER},
        "other office": {"office": province.bureaus["changan"]},
    }[what]

    User.objects.filter(pk=person.pk).update(**moved)

    deputy = User.objects.get(pk=people.filler.pk)
    assert not deputy.holds(P.SUBMIT)
    assert Deputyship.objects.in_effect(clock.today()).count() == 0


def test_it_is_no_chain(people):
    """Whoever covers a deputy has the deputy's own post, not what the deputy was lent."""
    other = make_person("bazhou.filler2", Role.COUNTY_FILLER, people.filler.office)
    stand_in(people.lead, people.filler)
    third = stand_in(other, people.lead, start=6)

    with on_day(third.from_day):
        assert other.holds(P.SUBMIT)
        assert other.lent_permissions == LINES[Role.COUNTY_FILLER, Role.COUNTY_LEAD]


def test_somebody_practising_stands_in_for_nobody(people):
    stand_in(people.filler, people.lead)
    people.filler.is_practice = True
    assert people.filler.lent_permissions == frozenset()


def test_those_without_one_cost_no_query(people, django_assert_num_queries):
    stand_in(people.filler, people.lead)
    lead, filler = (User.objects.get(pk=person.pk) for person in (people.lead, people.filler))
    with django_assert_num_queries(0):
        assert not lead.holds(P.FILL)
    with django_assert_num_queries(2):
        assert filler.holds(P.SUBMIT)
        assert filler.holds(P.HAND_IN)


def test_the_record_says_for_whom_and_only_of_what_was_lent(people):
    stand_in(people.filler, people.lead)
    filler = User.objects.get(pk=people.filler.pk)
    with transaction.atomic():
        for permissions in ([P.SUBMIT], [P.FILL], [P.SUBMIT, P.FILL]):
            assert filler.holds_any(*permissions)
            record(filler, Entry("try", "test", "1", {"a": 1}))
    lent, own, either = Event.objects.filter(kind="test").order_by("serial")
    assert lent.actor_login == own.actor_login == filler.login
    assert lent.detail == {
        "a": 1,
        "deputy_for": {"login": people.lead.login, "name": people.lead.display_name},
    }
    assert own.detail == either.detail == {"a": 1}


# --- what the database refuses ------------------------------------------------------------------------


def row(people, **values):
    today = clock.today()
    values = {
        "absent": people.lead,
        "deputy": people.filler,
        "office": people.lead.office,
        "absent_role": people.lead.role,
        "deputy_role": people.filler.role,
        "from_day": today,
        "to_day": today + timedelta(days=3),
        "reason": "出差。",
        "named_by": people.lead,
        "named_at": clock.now(),
        **values,
    }
    with transaction.atomic():
        return Deputyship.objects.create(**values)


def test_the_database_refuses_what_must_never_be(people):
    today, reviewer = clock.today(), people.reviewer
    row(people)
    for name, values in {
        "deputyship_another_person": {"deputy": people.lead, "absent": people.lead},
        "deputyship_days_in_order": {"to_day": today - timedelta(days=1)},
        "deputyship_has_reason": {"reason": " "},
        "deputyship_confirmed_is_whole": {"confirmed_at": clock.now()},
        "deputyship_ended_is_whole": {"ended_by": people.lead},
        "deputyship_two_administrators": {
            "named_by": people.system_admin,
            "confirmed_by": people.system_admin,
            "confirmed_at": clock.now(),
        },
        "deputyship_one_for_an_absent": {"deputy": reviewer, "from_day": today + timedelta(days=3)},
        "deputyship_one_of_a_deputy": {"absent": reviewer, "to_day": today},
    }.items():
        with pytest.raises(IntegrityError, match=name):
            row(people, **values)


def test_after_an_end_the_same_days_are_free(people):
    first = stand_in(people.filler, people.lead)
    end_deputy(actor=people.lead, deputyship_id=first.public_id)
    people.filler.refresh_from_db()
    assert not people.filler.holds(P.SUBMIT)
    assert stand_in(people.filler, people.lead).pk != first.pk
