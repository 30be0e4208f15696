"""The province's pages of a choice cost the same however many candidates and pilots there are."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.layout import save_trial
from applications.actions.panel import (
    OpinionInput,
    assign_experts,
    declare_no_conflict,
    give_opinion,
)
from applications.actions.rounds import close_round
from applications.enums import SheetState
from applications.models import PanelSheet
from applications.selectors.selection import list_candidates, list_criteria, neighbours_of
from tests.factories.people import signed_in
from tests.factories.pilots import accept, admitted, draft_pilots, open_a_round, rank, recommended
from tests.factories.programme import publish_pilots

# The most queries a page may take.
PAGES = {
    "selection": 24,
    "selection_figures": 26,
    "panel_setup": 16,
    "layout": 30,
    "layout_compare": 32,
    "recommending": 16,
    "pilot_list": 40,
    "list_draft": 40,
}


def chosen_and_judged(people, call, rows):
    """An opinion on each, a place from its city, all of them chosen by a trial."""
    pairs = {(row.public_id, people.expert.public_id) for row in rows}
    assign_experts(actor=people.manager, round_id=call.public_id, pairs=pairs, seen=set())
    points = {each.public_id: each.maximum / 2 for each in list_criteria(call)}
    for sheet in PanelSheet.objects.filter(state=SheetState.ASSIGNED):
        declare_no_conflict(actor=people.expert, sheet_id=sheet.public_id)
        opinion = OpinionInput(points, "可行。")
        give_opinion(actor=people.expert, sheet_id=sheet.public_id, opinion=opinion)
    for place, row in enumerate(rows, 1):
        rank(row, place)
    chosen = {row.public_id for row in rows}
    name = f"{len(rows)}个"
    return save_trial(actor=people.manager, round_id=call.public_id, name=name, chosen=chosen)


def cost(client, name, call, query):
    url = reverse(f"applications:{name}", args=[call.public_id])
    client.get(url, query)  # what is kept from one page to the next is there
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url, query)
    assert answer.status_code == 200, name
    return len(queries)


@pytest.fixture
def client(people):
    return signed_in(people.manager)


def test_no_page_costs_more_with_more_candidates(client, people, province, call):
    costs = {}
    rows = []
    earlier = open_a_round(people.manager, title="上一批", year=call.year - 1)
    for more, present in ((("bazhou",), "changan"), (("jingxing", "xinji"), "")):
        rows += [admitted(call, province.bureaus[key]) for key in more]
        if present:
            publish_pilots(people.manager, people.publisher, earlier, province.bureaus[present])
        trial = chosen_and_judged(people, call, rows)
        query = {"trial": trial.public_id, "a": trial.public_id, "b": trial.public_id}
        for name in PAGES:
            costs.setdefault(name, []).append(cost(client, name, call, query))

    # The second trial is one more that is listed with what it chose, in the same queries.
    assert {name: found for name, found in costs.items() if found[0] != found[1]} == {}
    assert {name: found for name, found in costs.items() if found[1] > PAGES[name]} == {}


def test_a_list_drawn_up_stays_within_its_queries(client, people, province, call):
    rows = [admitted(call, province.bureaus[key]) for key in ("bazhou", "changan", "xinji")]
    close_round(actor=people.manager, round_id=call.public_id)
    draft_pilots(call, rows[:1], rows[1:])

    found = [cost(client, name, call, {}) for name in ("pilot_list", "list_draft")]

    assert found[0] <= PAGES["pilot_list"]
    assert found[1] <= PAGES["list_draft"]


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["default"].clear()


def test_from_one_candidate_to_the_next(client, province, call):
    rows = {key: recommended(call, province.bureaus[key]) for key in ("changan", "xinji", "bazhou")}
    accept(rows["changan"])

    shown = client.get(reverse("applications:candidate", args=[rows["xinji"].public_id]))

    around = shown.context["neighbours"]
    assert (around.before.application, around.after.application, around.unchecked.application) == (
        rows["changan"],
        rows["bazhou"],
        rows["bazhou"],
    )
    last = neighbours_of(list_candidates(call), rows["bazhou"])
    assert (last.after, last.unchecked.application) == (None, rows["xinji"])
    first = neighbours_of(list_candidates(call), rows["changan"])
    assert first.before is None
