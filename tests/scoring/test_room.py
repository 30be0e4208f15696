"""Two years beside each other, classes from and to, spread and gaps: what the pages say and what they cost."""

import io
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.jobs import runner
from indicators.rules import CellInput
from scoring.actions.robustness import StudyOrder, start_study
from scoring.claims import ClaimInput
from scoring.robustness.settings import StudySettings
from scoring.selectors.comparison import compare_runs, decompose_runs, stated_figures
from scoring.selectors.gaps import list_gaps
from scoring.selectors.robustness import publication_gate
from scoring.selectors.room import read_room, turn_of
from scoring.selectors.spread import read_spread
from tests.factories.people import signed_in
from tests.factories.places import make_region
from tests.factories.sheets import open_for_all
from tests.scoring.acts import (
    CODES,
    PRIZES,
    STRONG,
    draft,
    grade,
    hand_in,
    hand_in_all,
    publish,
    score,
    start,
    study,
    upheld,
)

CENT = Decimal("0.01")
PARTS = ("其中方案", "其中数据", "其中更正")
QUERIES = {"compare": 17, "moves": 15, "spread": 11, "gaps": 10}
PAGES = ["compare", "compare_workbook", "moves", "spread", "gaps", "gaps_file"]


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


@pytest.fixture
def earlier(people, version, scheme):
    """Two years ago: 霸州 strong, the others weak."""
    collection = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, collection, strong=CODES[:1])
    score(people.expert, collection)
    return grade(people, collection, scheme)


@pytest.fixture
def later(people, earlier, collection, scheme):
    """Last year: 长安 strong, 霸州 weak."""
    hand_in_all(people, collection, strong=CODES[1:2])
    score(people.expert, collection)
    return grade(people, collection, scheme)


def at(name, row, *more):
    return reverse(f"scoring:{name}", args=[row.public_id, *more])


def text_of(page):
    return page.content.decode()


def rows_of(content):
    """The rows below the headings; of headings that occur twice the first counts."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    place = next(n for n, row in enumerate(rows) if row[0] == "区划代码")
    return [dict(reversed([*zip(rows[place], row, strict=True)])) for row in rows[place + 1 :]]


# Who comes in


def test_pages_are_the_province_s(people, run):
    """One test for all pages: grading is dear."""
    for name in PAGES:
        for person in (people.manager, people.checker, people.publisher):
            # There is nothing yet to compare with.
            wanted = HTTPStatus.CONFLICT if name == "compare_workbook" else HTTPStatus.OK
            assert signed_in(person).get(at(name, run)).status_code == wanted
        for person in (people.expert, people.lead, people.reviewer, people.system_admin):
            assert signed_in(person).get(at(name, run)).status_code == HTTPStatus.FORBIDDEN
        unknown = reverse(f"scoring:{name}", args=[uuid4()])
        assert signed_in(people.manager).get(unknown).status_code == HTTPStatus.NOT_FOUND


def test_run_without_results_has_none_of_these(manager, people, reviewed, scheme):
    queued = start(people, reviewed, scheme)
    for name in PAGES:
        answer = manager.get(at(name, queued))
        assert (answer.status_code, "尚未完成" in text_of(answer)) == (HTTPStatus.CONFLICT, True)


# Comparison


def test_counties_stand_beside_themselves_and_data_alone_moved_them(
    manager, earlier, later, province
):
    comparison = compare_runs(earlier, later)

    rows = {row.code: row for row in comparison.rows}
    assert rows.keys() == set(CODES)
    assert (rows["131081"].source, rows["131081"].target) == ("B", "C")
    assert (rows["130102"].source, rows["130102"].target) == ("C", "B")
    assert rows["131081"].points < 0 < rows["130102"].points
    assert comparison.same_scheme

    change = decompose_runs(comparison).counties["131081"]
    assert (change.parts.scheme, change.parts.correction) == (0, 0)
    assert change.parts.data == change.after.total - change.before.total
    assert change.ranks.own + change.ranks.others == change.ranks.before - change.ranks.after
    assert stated_figures(earlier, later) == {}

    page = manager.get(at("change", later, province.counties["bazhou"].public_id))
    change = page.context["change"]
    sizes = [abs(line.parts.whole) for line in page.context["lines"]]
    assert sizes == sorted(sizes, reverse=True)
    assert f"第{change.ranks.alone}位" in text_of(page)
    assert sum(line.parts.whole for line in page.context["lines"]) == change.parts.whole
    assert manager.get(at("change", later, uuid4())).status_code == HTTPStatus.NOT_FOUND


def test_page_offers_the_usual_earlier_run_and_any_other(manager, earlier, later):
    page = manager.get(at("compare", later))
    assert page.context["comparison"].before == earlier

    other_way = manager.get(at("compare", earlier), {"before": str(later.public_id)})
    assert other_way.context["comparison"].before == later


FILTERS = [
    ({}, {*CODES}),
    ({"change": "class"}, {"131081", "130102"}),
    ({"change": "up"}, {"130102"}),
    ({"change": "down"}, {"131081"}),
    ({"source": "B", "target": "C"}, {"131081"}),
    ({"city": "130100"}, {"130102", "130121"}),
    ({"city": "nowhere", "order": "nonsense", "change": "nonsense"}, {*CODES}),
    ({"before": "nonsense"}, {*CODES}),
    ({"change": "in"}, set()),
]


def test_table_and_workbook_hold_what_is_filtered(manager, earlier, later):
    for wanted, codes in FILTERS:
        page = manager.get(at("compare", later), wanted)
        book = rows_of(manager.get(at("compare_workbook", later), wanted).content)

        assert {row.code for row, _ in page.context["lines"]} == codes, wanted
        assert {row["区划代码"] for row in book} == codes, wanted
        for row in book:
            parts = [Decimal(str(row[key])) for key in PARTS]
            assert sum(parts).quantize(CENT) == Decimal(str(row["增减"])).quantize(CENT)

    page = manager.get(at("compare", later), {"order": "loss"})
    points = [row.points for row, _ in page.context["lines"]]
    assert points == sorted(points)


def test_nothing_to_compare_says_so(manager, run):
    assert "还没有可供比较的评价" in text_of(manager.get(at("compare", run)))
    assert "还没有可供比较的评价" in text_of(manager.get(at("moves", run)))
    book = manager.get(at("compare_workbook", run))
    assert (book.status_code, "没有可以下载的内容" in text_of(book)) == (HTTPStatus.CONFLICT, True)


def test_number_of_queries(manager, earlier, later, django_assert_max_num_queries):
    for name, most in QUERIES.items():
        manager.get(at(name, later))
        with django_assert_max_num_queries(most):
            manager.get(at(name, later))


# Counties that come and go


def test_merged_county_leaves_and_its_successor_says_so(manager, people, earlier, later, province):
    gone, successor = province.counties["changan"], province.counties["jingxing"]
    Region.objects.filter(pk=gone.pk).update(valid_to=clock.today(), successor=successor)
    found = compare_runs(later, _without(people, later, gone))

    rows = {row.code: row for row in found.rows}
    assert (rows["130102"].target, rows["130102"].note) == ("merged-away", "并入井陉县")
    assert rows["130121"].note == "含并入的长安区"
    assert len(found.pairs) == 3


def _without(people, run, region):
    """Another run of the same year in which a county does not take part."""
    submission = run.collection.submissions.get(region=region)
    type(submission).objects.filter(pk=submission.pk).update(state="submitted")
    return grade(people, run.collection, run.scheme_version, reason="已并入井陉县。")


def test_county_not_graded_is_no_withdrawn_one(people, later, province):
    again = _without(people, later, province.counties["changan"])

    forth, back = compare_runs(later, again), compare_runs(again, later)

    assert {row.target for row in forth.rows if row.after is None} == {"not-graded-now"}
    assert {row.source for row in back.rows if row.before is None} == {"not-graded-before"}


def test_region_of_the_same_code_continues_it(people, earlier, later, province):
    old = province.counties["changan"]
    today = clock.today()
    Region.objects.filter(pk=old.pk).update(
        valid_to=today - timedelta(days=400), valid_from=today - timedelta(days=4000)
    )
    new = make_region(
        "新长安区",
        "130102",
        Level.COUNTY,
        parent=old.parent,
        reviewer=old.reviewing_office,
        since=today - timedelta(days=400),
    )
    submission = later.collection.submissions.get(region=old)
    type(submission).objects.filter(pk=submission.pk).update(region=new)
    again = grade(people, later.collection, later.scheme_version)

    rows = {row.code: row for row in compare_runs(earlier, again).rows}

    assert (rows["130102"].name, rows["130102"].before is not None) == ("新长安区", True)


def test_matrix_counts_and_leads_to_its_counties(manager, earlier, later):
    page = manager.get(at("moves", later))

    matrix = page.context["matrix"]
    assert (matrix.stayed, matrix.rose, matrix.fell, matrix.came, matrix.left) == (2, 1, 1, 0, 0)
    assert sum(matrix.totals) == sum(row.count for row in matrix.rows) == len(CODES)
    link = f"?before={earlier.public_id}&amp;source=B&amp;target=C"
    assert link in text_of(page)


# Corrections


def test_correction_is_told_from_data(people, published):
    upheld(people, published, ClaimInput("60"))
    again = grade(people, published.collection, published.run.scheme_version)

    stated = stated_figures(published.run, again)
    assert {cell: figure.measure.value for cell, figure in stated.items()} == {
        ("131081", "04"): Decimal(97)
    }
    found = decompose_runs(compare_runs(published.run, again)).counties
    change = found["131081"]
    assert change.parts.correction == change.after.total - change.before.total < 0
    assert (change.parts.scheme, change.parts.data) == (0, 0)
    assert {code for code, other in found.items() if other.parts.whole} == {"131081"}

    # Seen from the corrected run nothing was corrected since: the way back is data.
    assert stated_figures(again, again) == {}
    assert stated_figures(again, published.run) == {}


# The room


def test_room_tells_whose_turn_each_year_is(
    manager, people, earlier, collection, version, django_assert_max_num_queries
):
    """The earlier year is graded, last year's is still being filled."""
    with django_assert_max_num_queries(20):
        page = manager.get(reverse("scoring:room"))

    last, before = page.context["years"]
    assert (last.year.collection, before.year.graded) == (collection, earlier)
    assert last.turn.who == "各县（市、区）和市级审核单位"
    assert last.turn.until == collection.city_due_on
    assert [step.state for step in last.steps][:2] == ["current", "todo"]
    assert [step.state for step in before.steps][:2] == ["done", "done"]
    assert before.turn.who
    assert before.steps[1].url == at("run", earlier)
    assert "C类3" in before.steps[1].note
    for person in (people.checker, people.publisher):
        assert len(signed_in(person).get(reverse("scoring:room")).context["years"]) == 2
    for person in (people.expert, people.lead, people.reviewer, people.system_admin):
        assert signed_in(person).get(reverse("scoring:room")).status_code == HTTPStatus.FORBIDDEN

    draft(people, earlier)
    before = read_room(people.manager)[1]
    assert (turn_of(before).who, turn_of(before).note) == ("业务管理员", "登记领导小组意见。")


def test_room_names_the_boundary_counties_that_wait(manager, people, run):
    """Each leads to its page, whichever study named it; once the list is out, none is named."""
    study(run)
    for epsilon in (10, 0):
        settings = StudySettings(epsilon=Decimal(epsilon))
        order = StudyOrder(settings, draws=100)
        made, _ = start_study(actor=people.manager, run_id=run.public_id, order=order)
        runner.work(made.job.pk)
    waiting = [row.case.region for row in publication_gate(run).unreviewed]
    assert waiting

    page = manager.get(reverse("scoring:room"))

    assert set(page.context["years"][0].waiting) == set(waiting)
    for region in waiting:
        assert at("robustness_county", run, region.public_id) in text_of(page)
    published = publish(people, run)
    page = manager.get(reverse("scoring:room"))
    assert not page.context["years"][0].waiting
    assert "待复核的临界县" not in text_of(page)

    turn, last = page.context["years"][0].turn, published.appeals_until
    assert (turn.who, turn.until) == ("各县（市、区）", last)
    with clock.playing(clock.now() + timedelta(days=(last - clock.today()).days + 1)):
        (year,) = read_room(people.manager)
        assert turn_of(year).who == ""


# Spread and gaps


def test_spread_counts_every_county(later):
    found = read_spread(later)

    assert sum(each.count for each in found.bins) == len(CODES)
    assert found.whole.count == sum(city.quarters.count for city in found.cities) == len(CODES)
    assert found.full == 100
    for each in found.indicators:
        assert 0 <= each.mean_share <= 100
        assert each.at_zero + each.at_full <= len(CODES)


def test_gaps_name_county_indicator_and_kind(manager, people, collection, scheme):
    missing = {"i02": CellInput(mode="missing", note="统计口径调整，未取得数据。")}
    hand_in(people, collection, CODES[0], missing)
    for code in CODES[1:]:
        hand_in(people, collection, code, STRONG, PRIZES)
    run = grade(people, collection, scheme)

    found = [gap for gap in list_gaps(run) if "missing" in gap.flags]

    assert {(gap.county_code, gap.indicator, *gap.words) for gap in found} >= {
        ("131081", "02", "缺报", "无上年数可沿用")
    }
    assert {gap.county_code for gap in found} == {"131081"}
    page = manager.get(at("gaps", run), {"kind": "missing"})
    assert list(page.context["page"]) == found
    book = rows_of(manager.get(at("gaps_file", run), {"kind": "missing"}).content)
    assert [(row["区划代码"], row["指标"]) for row in book] == [
        (gap.county_code, gap.indicator) for gap in found
    ]
