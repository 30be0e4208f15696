"""Applications shared out among experts: evenly, never against a reason to keep away, and only proposed."""

from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.actions.panel import assign_experts, declare_conflict
from applications.models import PanelSheet
from applications.rules.panel_sharing import share_out
from applications.selectors.panels import list_own_sheets, next_sheet
from county_portal.accounts.roles import Role
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import admitted


def test_everybody_gets_alike():
    pairs = share_out(range(30), "ABCDEFGHI", each=3, standing=(), barred=())

    assert Counter(row for row, _ in pairs) == dict.fromkeys(range(30), 3)
    assert Counter(expert for _, expert in pairs) == dict.fromkeys("ABCDEFGHI", 10)


def test_what_stands_is_kept_and_filled_up():
    standing = {(1, "A"), (1, "B"), (2, "A")}

    pairs = share_out([1, 2], "ABC", each=2, standing=standing, barred=())

    assert pairs == {*standing, (2, "C")}


def test_who_keeps_away_does_not_count():
    pairs = share_out([1], "AB", each=1, standing={(1, "A")}, barred={(1, "A")})

    assert pairs == {(1, "B")}


def test_too_few_experts_are_all_there_are():
    assert share_out([1], "AB", each=3, standing=(), barred={(1, "B")}) == {(1, "A")}


_PAIRS = st.sets(st.sampled_from([(row, expert) for row in range(8) for expert in range(5)]))


@given(each=st.integers(1, 6), standing=_PAIRS, barred=_PAIRS)
def test_nobody_is_taken_away_and_nobody_barred_is_added(each, standing, barred):
    rows, experts = range(8), range(5)

    pairs = share_out(rows, experts, each=each, standing=standing, barred=barred)

    assert standing - barred <= pairs
    assert not pairs & barred
    for row in rows:
        free = sum(1 for expert in experts if (row, expert) not in barred)
        kept = sum(1 for other, _ in standing - barred if other == row)
        assert sum(1 for other, _ in pairs if other == row) == max(kept, min(each, free))


@pytest.fixture
def experts(people, province):
    more = [
        make_person(f"hebei.expert{place}", Role.PROVINCE_EXPERT, province.office, f"专家{place}")
        for place in (2, 3)
    ]
    return [people.expert, *more]


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


def ask(client, call, experts, rows=(), **typed):
    """Ask for a proposal over what is ticked already."""
    pairs = [f"{row.public_id}/{expert.public_id}" for row, expert in rows]
    among = [str(each.public_id) for each in experts]
    url = reverse("applications:panel_assign", args=[call.public_id])
    return client.post(url, {"act": "share", "pairs": pairs, "among": among, **typed})


def ticked(page):
    return {
        (application, cell["expert"])
        for application, _, cells in page.context["rows"]
        for cell in cells
        if cell["is_ticked"]
    }


def test_a_proposal_saves_nothing(manager, call, bazhou, changan, experts):
    page = ask(manager, call, experts, each="2")

    assert page.status_code == 200
    assert Counter(row for row, _ in ticked(page)) == {bazhou: 2, changan: 2}
    assert page.context["is_proposal"]
    assert not PanelSheet.objects.exists()


def test_a_proposal_asks_only_who_takes_part(manager, call, bazhou, experts):
    page = ask(manager, call, experts[:1], rows=[(bazhou, experts[2])], each="3")

    assert ticked(page) == {(bazhou, experts[0]), (bazhou, experts[2])}
    assert page.context["among"] == [experts[0].public_id]


def test_a_proposal_leaves_out_who_keeps_away(manager, people, call, bazhou, experts):
    pairs = {(bazhou.public_id, experts[0].public_id)}
    assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs)
    sheet = PanelSheet.objects.get()
    declare_conflict(actor=experts[0], sheet_id=sheet.public_id, reason="任该县顾问。")

    page = ask(manager, call, experts, rows=[(bazhou, experts[0])], each="3")

    assert ticked(page) == {(bazhou, experts[1]), (bazhou, experts[2])}


@pytest.mark.parametrize("each", ["0", "21", "x"])
def test_a_number_that_makes_no_sense_is_refused(manager, call, bazhou, experts, each):
    answer = ask(manager, call, experts, each=each)

    assert answer.status_code == 302
    assert not PanelSheet.objects.exists()


def test_the_page_says_how_much_is_left(manager, people, call, bazhou, changan, experts):
    pairs = {(row.public_id, experts[0].public_id) for row in (bazhou, changan)}
    assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs)

    page = manager.get(reverse("applications:panel_setup", args=[call.public_id]))

    asked = {expert: (done["asked"], done["given"]) for expert, done in page.context["experts"]}
    assert asked == {experts[0]: (2, 0), experts[1]: (0, 0), experts[2]: (0, 0)}


def test_an_expert_is_led_from_one_sheet_to_the_next(people, province, call, bazhou, changan):
    xinji = admitted(call, province.bureaus["xinji"])
    rows = (changan, xinji, bazhou)  # by region code
    pairs = {(row.public_id, people.expert.public_id) for row in rows}
    assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs)
    first, second, third = (PanelSheet.objects.get(application=row) for row in rows)

    assert [next_sheet(each) for each in (first, second, third)] == [second, third, first]
    declare_conflict(actor=people.expert, sheet_id=second.public_id, reason="任该县顾问。")
    assert next_sheet(first) == third
    page = signed_in(people.expert).get(
        reverse("applications:panel_sheet", args=[second.public_id])
    )
    assert page.context["next"] == third
    assert list_own_sheets(people.expert) == [first, third, second]  # what waits stands first
