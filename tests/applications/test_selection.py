"""The province's table of candidates: what it shows, to whom, in which order, and as a workbook."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from applications import evaluations
from applications.actions.layout import save_trial
from applications.actions.panel import (
    OpinionInput,
    assign_experts,
    declare_no_conflict,
    give_opinion,
)
from applications.enums import ApplicationState, Stage
from applications.evaluations import Evaluated
from applications.models import PanelSheet
from applications.rules.panel import WIDE_TOTAL, panel_result, spread_of
from applications.selectors.narrowing import Wanted, narrow
from applications.selectors.selection import list_candidates, list_criteria
from tests.factories.people import signed_in
from tests.factories.pilots import admitted, apply_to, recommended


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


@pytest.fixture
def graded(province):
    """An evaluation that put 霸州 into class A."""
    former = evaluations._source[:]
    region = province.counties["bazhou"]
    evaluations.register(lambda regions, on: {region.pk: Evaluated("A", 3, 2025)})
    yield
    evaluations._source[:] = former


def table(client, call, **query):
    return client.get(reverse("applications:selection", args=[call.public_id]), query)


def names(answer):
    return [row["candidate"].application.region.name for row in answer.context["rows"]]


def test_what_has_no_letter_has_not_reached_the_province(call, province):
    apply_to(call, province.bureaus["changan"], ApplicationState.REVIEWED)
    apply_to(call, province.bureaus["jingxing"], ApplicationState.SUBMITTED)
    recommended(call, province.bureaus["bazhou"])

    found = list_candidates(call)

    assert [each.application.region.name for each in found] == ["霸州市"]
    assert found[0].stage == Stage.UNCHECKED
    assert found[0].letter is not None


def test_the_page(manager, call, province, graded):
    recommended(call, province.bureaus["bazhou"])

    answer = table(manager, call)

    assert names(answer) == ["霸州市"]
    page = answer.content.decode()
    assert "待形式审查" in page
    assert "2025年度" in page
    assert "科函〔" in page


def test_an_empty_round_says_so(manager, call):
    assert "还没有推荐到省的申报" in table(manager, call).content.decode()


def test_narrowed_and_ordered_by_the_address(manager, call, province, graded):
    for key in ("bazhou", "changan", "xinji"):
        recommended(call, province.bureaus[key])

    city = province.cities["shijiazhuang"].public_id
    assert names(table(manager, call)) == ["长安区", "辛集市", "霸州市"]
    assert names(table(manager, call, order="class")) == ["霸州市", "长安区", "辛集市"]
    assert names(table(manager, call, city=city)) == ["长安区"]
    assert names(table(manager, call, stage="panel")) == []
    assert names(table(manager, call, text="霸")) == ["霸州市"]
    assert len(names(table(manager, call, order="nonsense", city="x"))) == 3


def test_narrowed_to_what_a_trial_chose(manager, people, call, province):
    rows = [recommended(call, province.bureaus[key]) for key in ("bazhou", "changan", "xinji")]
    assert "trial" not in table(manager, call).context["form"].fields
    chosen = {each.public_id for each in rows[:2]}
    trial = save_trial(actor=people.manager, round_id=call.public_id, name="一", chosen=chosen)

    narrowed = table(manager, call, trial=trial.public_id)

    assert names(narrowed) == ["长安区", "霸州市"]
    assert f"trial={trial.public_id}" in narrowed.context["sorted"]["mean"]
    figures = manager.get(
        reverse("applications:selection_figures", args=[call.public_id]), {"trial": trial.public_id}
    )
    assert len(figures.context["comparison"].candidates) == 2


def test_the_rank_is_that_among_all(manager, people, call, province):
    points = {"bazhou": 70, "changan": 90, "xinji": 70}
    for key, number in points.items():
        judged(people, admitted(call, province.bureaus[key]), number)
    admitted(call, province.bureaus["jingxing"])

    page = table(manager, call, text="市")
    sheet = manager.get(
        reverse("applications:selection_export", args=[call.public_id]), {"text": "市"}
    )

    ranks = {row["candidate"].application.region.name: row["rank"] for row in page.context["rows"]}
    assert ranks == {"霸州市": 2, "辛集市": 2, "长安区": 1, "井陉县": None}
    rows = list(load_workbook(BytesIO(sheet.content)).active.iter_rows(min_row=3, values_only=True))
    column = rows[0].index("名次")
    assert [row[column] for row in rows[1:]] == [1, None, 2, 2]


def judged(people, application, number):
    """One expert's opinion, all of it on the first criterion that takes it."""
    expert = people.expert
    assign_experts(
        actor=people.manager,
        round_id=application.round.public_id,
        pairs={(application.public_id, expert.public_id)},
        seen=set(),
    )
    sheet = PanelSheet.objects.get(application=application)
    declare_no_conflict(actor=expert, sheet_id=sheet.public_id)
    criteria = list_criteria(application.round)
    points = {each.public_id: each.maximum * number / 100 for each in criteria}
    give_opinion(actor=expert, sheet_id=sheet.public_id, opinion=OpinionInput(points, "可行。"))


def test_the_workbook_holds_what_the_page_shows(manager, call, province):
    for key in ("bazhou", "changan"):
        recommended(call, province.bureaus[key])
    url = reverse("applications:selection_export", args=[call.public_id])

    answer = manager.get(url, {"text": "霸"})

    rows = list(
        load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=4, values_only=True)
    )
    assert [row[1] for row in rows] == ["廊坊市霸州市"]
    assert "no-store" in answer["Cache-Control"]


def test_the_number_of_queries_does_not_grow(manager, call, province):
    counts = []
    for key in ("bazhou", "changan", "xinji"):
        recommended(call, province.bureaus[key])
        table(manager, call)  # what is kept from one page to the next is there
        with CaptureQueriesContext(connection) as queries:
            table(manager, call)
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20


@pytest.mark.parametrize(
    "who, status",
    [("manager", 200), ("publisher", 200), ("checker", 403), ("expert", 403), ("reviewer", 403),
     ("lead", 403), ("auditor", 403)],
)  # fmt: skip
def test_who_may_look(people, call, who, status):
    assert table(signed_in(getattr(people, who)), call).status_code == status


class Judged:
    def __init__(self, pk, maximum):
        self.pk, self.name, self.maximum = pk, f"第{pk}项", Decimal(maximum)


def test_mean_and_spread_of_opinions():
    criteria = [Judged(1, 60), Judged(2, 40)]
    opinions = [
        {1: Decimal(50), 2: Decimal(30)},
        {1: Decimal(40), 2: Decimal("30.5")},
        {1: Decimal(35), 2: Decimal(30)},
    ]

    result = panel_result(criteria, opinions, asked=5, conflicted=1)

    assert (result.given, result.waiting) == (3, 1)
    assert result.total.mean == Decimal("71.83")  # 215.5 / 3
    assert result.total.spread == Decimal(15)
    assert not result.total.is_wide  # 15 of 100 is the bound, not beyond it
    assert [part.mean for part in result.criteria] == [Decimal("41.67"), Decimal("30.17")]
    assert not result.is_wide


def test_a_spread_beyond_the_bound_is_marked():
    at = spread_of("合计", Decimal(100), [Decimal(70), Decimal(85)], WIDE_TOTAL)
    beyond = spread_of("合计", Decimal(100), [Decimal(70), Decimal("85.01")], WIDE_TOTAL)

    assert (at.is_wide, beyond.is_wide) == (False, True)


def test_no_opinion_is_not_zero():
    result = panel_result([Judged(1, 60)], [], asked=2, conflicted=0)

    assert result.total.mean is None
    assert result.total.spread is None


def test_an_unknown_order_keeps_the_codes(call, province):
    recommended(call, province.bureaus["bazhou"])

    assert len(narrow(list_candidates(call), Wanted(order="unknown"))) == 1
