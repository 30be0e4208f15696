"""The past of a county: the valid lists of earlier years, through renamings and mergers."""

from datetime import date
from decimal import Decimal

import pytest

from county_portal.accounts.models import Region
from county_portal.common import clock
from indicators.enums import SubmissionAction
from indicators.rules import CellInput
from reports.card_facts import Movement, YearResult
from reports.selectors.history import read_history
from scoring.models import ListRow
from tests.factories.places import make_office, make_region
from tests.factories.sheets import (
    correct,
    move,
    open_for_all,
    send_back_whole,
    submission_of,
    submit,
)
from tests.reports.acts import (
    BAZHOU,
    EXCEPTION,
    JINGXING,
    XINJI,
    card_of,
    graded_alone,
    graded_year,
    line_of,
    published_from,
    region_of,
)
from tests.scoring.acts import STRONG, grade

D = Decimal


def test_a_first_year_has_no_past(published):
    card = card_of(published)

    assert card.result.movement == Movement.FIRST
    assert (card.result.previous_total, card.result.previous_rank) == (None, None)
    assert (card.result.best_rank, card.result.best_rank_year) == (1, card.data_year)
    assert {(line.previous_text, line.previous_score) for line in card.lines} == {("—", None)}
    assert [year.data_year for year in card.history] == [card.data_year]


def test_last_years_figures_scores_and_movement(two_years):
    first, second = two_years
    before, card = card_of(first), card_of(second)

    assert card.result.movement == Movement.RISE
    assert (card.result.previous_class, card.result.previous_rank) == ("C", 1)
    assert card.result.previous_total == before.result.total
    assert line_of(card, 1).previous_text == line_of(before, 1).value_text == "7351.2"
    assert line_of(card, 1).change_text == "+63.2%"
    assert line_of(card, 3).change_text == "+1.68个百分点"
    assert [line.previous_score for line in card.lines] == [line.score for line in before.lines]
    assert [year.rank for year in card.history] == [1, 1]
    assert card.result.best_rank_year == first.collection.data_year


def test_the_history_uses_the_corrected_list_of_each_year(people, scheme, two_years):
    first, second = two_years
    submission = submission_of(first.collection, BAZHOU)
    send_back_whole(people.manager, submission, "更正第1项。")
    correct(people.lead, people.reviewer, submission, **STRONG)
    corrected = published_from(
        people, grade(people, first.collection, scheme), 3, "霸州市“地方财政科技支出”填报有误。"
    )
    stale, card = card_of(first), card_of(second)

    assert [year.total for year in card.history] == [
        card_of(corrected).result.total,
        card.result.total,
    ]
    assert line_of(card, 1).previous_text == "12000"
    assert card_of(corrected).provenance.status == "更正（第2版）"
    assert [year.total for year in stale.history] == [stale.result.total]
    assert line_of(stale, 1).value_text == "7351.2"


def test_three_years_are_shown_and_a_year_without_list_is_not_last_year(people, version, scheme):
    for number, years_ago in enumerate((6, 4, 3), 1):
        graded_year(people, version, scheme, years_ago=years_ago, number=number)
    published = graded_year(people, version, scheme, number=4)

    card = card_of(published)

    year = card.data_year
    assert [point.data_year for point in card.history] == [year - 2, year]
    assert (card.result.previous_total, card.result.previous_rank) == (None, None)
    assert {line.previous_text for line in card.lines} == {"—"}
    assert card.result.best_rank_year == year - 5


def test_a_county_not_graded_leaves_a_gap_in_its_history(people, version, scheme):
    graded_alone(people, version, scheme, years_ago=2)
    published = graded_year(people, version, scheme)

    card = card_of(published, XINJI)

    assert card.history[0] == YearResult(card.data_year - 1, None, "", None, None)
    assert card.result.movement == Movement.FIRST
    assert line_of(card, 1).previous_text == "—"


def renamed(province, people, code=BAZHOU, *, new_code=None):
    """From the start of last year the county is another row of the register, continuing the old one."""
    old = Region.objects.get(code=code, valid_to__isnull=True)
    day = date(clock.today().year - 1, 1, 1)
    old.valid_to = day
    old.save()
    new = make_region(
        "新霸州区",
        new_code or code,
        "county",
        parent=old.parent,
        reviewer=old.reviewing_office,
        pinyin="xinbazhouqu",
        since=day,
    )
    if new_code:
        old.successor = new
        old.save()
    office = make_office("廊坊市新霸州区科学技术局", "county", new)
    people.lead.office = office
    people.lead.save()
    return new


@pytest.mark.parametrize("new_code", [None, "131099"])
def test_a_renamed_county_keeps_its_past(province, people, version, scheme, new_code):
    """Under the same code, or under another as the only predecessor of its successor."""
    first = graded_year(people, version, scheme, years_ago=2, strong=(BAZHOU,))
    region = renamed(province, people, new_code=new_code)
    collection = open_for_all(people.manager, version)
    submission = collection.submissions.get(region=region)
    submit(people.lead, submission, i01=CellInput("14702.4"))
    move(people.reviewer, submission, SubmissionAction.APPROVE)
    published = published_from(people, grade(people, collection, scheme, EXCEPTION), 2)

    card = card_of(published, region.code)

    assert card.county.name == "新霸州区"
    assert card.result.previous_name == "廊坊市霸州市"
    assert card_of(first).result.previous_name == ""
    assert card.result.previous_total == card_of(first).result.total
    assert (line_of(card, 1).previous_text, line_of(card, 1).value_text) == ("12000", "14702.4")
    assert [point.class_name for point in card.history] == ["B", "C"]
    assert card.result.movement == Movement.FALL


def test_a_merger_of_two_has_no_single_past(province, people, version, scheme):
    graded_year(people, version, scheme, years_ago=2)
    region = renamed(province, people, new_code="131099")
    other = Region.objects.get(code=JINGXING)
    other.valid_to, other.successor = region.valid_from, region
    other.save()
    collection = open_for_all(people.manager, version)
    submission = collection.submissions.get(region=region)
    submit(people.lead, submission)
    move(people.reviewer, submission, SubmissionAction.APPROVE)
    published = published_from(people, grade(people, collection, scheme, EXCEPTION), 2)

    card = card_of(published, "131099")

    assert card.result.movement == Movement.FIRST
    assert card.result.previous_total is None
    assert [point.total for point in card.history] == [None, card.result.total]


def test_a_best_rank_taken_away_by_a_correction_has_no_year(two_years):
    """The list states rank 1, frozen; were no valid list to give it any more, no year is made up."""
    _, second = two_years
    history = read_history(second, region_of(second, BAZHOU))

    assert history.best_year(ListRow(best_rank=1)) == second.collection.data_year - 1
    assert history.best_year(ListRow(best_rank=77)) is None
