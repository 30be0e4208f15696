"""基本情况表: numbers that are facts, the ratios they make, and what the 31-row table says of them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.actions.basics import BasicInput, adopt_known, save_basics, take_over
from applications.actions.moving import Move, move_application
from applications.enums import ApplicationAction, ApplicationState, Section
from applications.models import BasicsFigure, TableFigure
from applications.rules.basics import ratios_of
from applications.selectors.materials import list_gaps, read_materials
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.models import Fact, FactClaim
from indicators.rules import CellInput
from indicators.selectors.facts import facts_for
from tests.applications.pages import code, get, post, text, url
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, begin, write_everything
from tests.factories.sheets import fill, open_for_all, submission_of

FIRMS, INDUSTRY = "high-tech-enterprises", "industry-enterprises"


@pytest.fixture
def application(call, people):
    return begin(people.filler, call)


def save(people, application, revision=None, **lines):
    typed = {code.replace("_", "-"): line for code, line in lines.items()}
    return save_basics(
        actor=people.filler, application_id=application.public_id, revision=revision, lines=typed
    )


def number(value, note=""):
    return BasicInput(str(value), Decimal(value), note=note)


def gaps(application, code):
    return [gap for gap in list_gaps(application) if gap.code == code]


def fact(application, meaning):
    return Fact.objects.filter(region=application.region, meaning__code=meaning).first()


def ratio(application, row):
    return next(each for each in ratios_of(read_materials(application)) if each.row.code == row)


def known_from_a_sheet(people, call, typed="50"):
    """The county's evaluation sheet of the same year states high-tech enterprises."""
    from indicators.importer import import_system

    collection = open_for_all(people.manager, import_system("hebei"))
    assert collection.data_year == call.last_year
    fill(people.filler, submission_of(collection, "131081"), {"04": CellInput(typed)})
    return collection


def test_every_numerator_denominator_and_count_is_asked_for_once(application):
    basics = read_materials(application).basics

    codes = [each.code for each in basics]
    assert len(codes) == len(set(codes)) == 34
    assert {"gdp", "employment", FIRMS, "monitored-days"} <= set(codes)


def test_a_number_becomes_a_fact_and_a_blank_takes_it_away(application, people):
    save(people, application, gdp=number(1000))

    kept = fact(application, "gdp")
    assert (kept.number, kept.data_year) == (1000, application.round.last_year)
    assert kept.place == f"application:{application.public_id}:basics:gdp"
    assert kept.place_label == f"{application.round.title}申报基本情况表“地区生产总值（GDP）”"
    [year] = facts_for(application.region)
    assert [each.fact.meaning.code for each in year.facts] == ["gdp"]

    save(people, application, gdp=BasicInput())
    assert fact(application, "gdp") is None
    assert not application.basics.exists()


def test_what_is_known_is_adopted_with_its_source_and_reused(application, people, call):
    known_from_a_sheet(people, call)

    page = get(people.filler, "basics", application)
    assert "“高新技术企业数量”" in text(page)
    assert "可以沿用的数据" in text(page)
    assert adopt_known(actor=people.filler, application_id=application.public_id, revision=0) == 1

    assert BasicsFigure.objects.get(application=application).number == 50
    claim = FactClaim.objects.get(place__startswith="application:")
    assert claim.is_reused
    assert adopt_known(actor=people.filler, application_id=application.public_id, revision=1) == 0


def test_another_figure_than_the_known_one_needs_a_reason(application, people, call):
    known_from_a_sheet(people, call)

    save(people, application, high_tech_enterprises=number(48))
    [gap] = gaps(application, "fact_unexplained")
    assert gap.place == "basic-high-tech-enterprises"
    assert "填48家" in gap.sentence
    assert "50家" in gap.sentence

    save(people, application, high_tech_enterprises=number(48, note="年末又有两家注销。"))
    assert gaps(application, "fact_unexplained") == []
    assert fact(application, FIRMS).number == 50
    assert FactClaim.objects.get(place__startswith="application:").reason == "年末又有两家注销。"


def test_a_reason_falls_with_the_fact_and_saving_again_gives_it_again(application, people, call):
    collection = known_from_a_sheet(people, call)
    line = number(48, note="年末又有两家注销。")
    save(people, application, high_tech_enterprises=line)
    fill(people.filler, submission_of(collection, "131081"), {"04": CellInput("51")})
    assert len(gaps(application, "fact_unexplained")) == 1

    save(people, application, high_tech_enterprises=line)

    assert gaps(application, "fact_unexplained") == []


def test_nothing_blank_is_zero_and_an_absence_has_its_reason(application, people):
    before = gaps(application, "basic_missing")
    with pytest.raises(Invalid) as refused:
        save(people, application, venture_fund=BasicInput(is_absent=True, note="　"))
    assert refused.value.code == "absence_reason_required"
    with pytest.raises(Invalid) as refused:
        save(people, application, venture_fund=BasicInput("1", Decimal(1), True, "无"))
    assert refused.value.code == "absent_with_figure"

    save(people, application, venture_fund=BasicInput(is_absent=True, note="未设立基金。"))

    assert len(gaps(application, "basic_missing")) == len(before) - 1
    assert fact(application, "venture-fund") is None
    assert ratio(application, "03").exact is None


def test_a_ratio_is_made_anew_from_its_numbers_and_written_out(application, people):
    save(people, application, high_tech_enterprises=number(7), industry_enterprises=number(30))

    made = ratio(application, "12")
    assert made.rounded == Decimal("23.33")
    assert made.formula == "高新技术企业数量7家÷规上工业企业数30家×100"
    assert ratio(application, "11").rounded == 7


@pytest.mark.parametrize(
    "stated, agrees",
    [("23.33", True), ("23.3", True), ("23.333333", True), ("23.34", False), ("23", False), ("24", False)],
)  # fmt: skip
def test_rounding_is_no_difference_and_anything_else_is(application, people, stated, agrees):
    write_everything(application, people.filler)
    save(people, application, high_tech_enterprises=number(7), industry_enterprises=number(30))
    cell = TableFigure.objects.filter(row__indicator__code="12", year=application.round.last_year)
    cell.update(number=Decimal(stated))

    found = [gap for gap in gaps(application, "ratio_differs") if gap.place == "ratio-12"]

    assert bool(found) is not agrees
    if found:
        assert f"填{stated}%" in found[0].sentence
        assert "23.33%" in found[0].sentence


def test_a_difference_stops_the_materials_from_being_finished(application, people):
    write_everything(application, people.filler)
    save(people, application, gdp=number(999))

    with pytest.raises(Invalid) as refused:
        move_application(
            actor=people.filler,
            application_id=application.public_id,
            move=Move(ApplicationAction.FINISH),
        )

    assert refused.value.code == "application_incomplete"


def test_a_denominator_of_nought_is_named(application, people):
    save(people, application, gdp=number(0))

    [gap] = gaps(application, "denominator_zero")
    assert "地区生产总值（GDP）" in gap.sentence


def test_what_the_numbers_come_to_is_taken_over_with_its_parts(application, people):
    write_everything(application, people.filler)
    save(people, application, high_tech_enterprises=number(7), industry_enterprises=number(30))

    changed = take_over(actor=people.filler, application_id=application.public_id, revision=0)

    figure = TableFigure.objects.get(
        row__application=application, row__indicator__code="12", year=application.round.last_year
    )
    assert (figure.number, figure.numerator, figure.denominator) == (Decimal("23.33"), 7, 30)
    # The other 13 rates get their parts, the count of firms follows, counts that agree stay.
    assert changed == 15
    assert not {"ratio_differs", "basic_missing"} & {gap.code for gap in list_gaps(application)}
    assert application.marks.get(section=Section.TABLE).revision == 1
    assert take_over(actor=people.filler, application_id=application.public_id, revision=1) == 0


def test_rows_nobody_touched_are_made(application, people):
    save(people, application, tech_smes=number(300))

    assert take_over(actor=people.filler, application_id=application.public_id, revision=0) == 1

    row = application.rows.get(indicator__code="16")
    assert (row.order, row.figures.get().number) == (16, 300)


def test_the_second_of_two_is_refused_and_nothing_changes(application, people):
    save(people, application, gdp=number(1000))

    with pytest.raises(Stale) as refused:
        save(people, application, revision=0, gdp=number(2000))

    assert refused.value.code == "section_changed"
    assert fact(application, "gdp").number == 1000


def test_a_page_saves_what_was_typed_and_says_what_cannot_be_read(application, people):
    answer = post(
        people.filler, "basics_save", application, revision=0, **{"n-gdp": "1，00", "n-employment": "12"}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "千分位" in text(answer)
    assert not application.basics.exists()

    answer = post(people.filler, "basics_save", application, revision=0, **{"n-gdp": "1,000.5"})
    assert answer.status_code == 302
    assert application.basics.get().number == Decimal("1000.5")
    assert "1,000.5" in get(people.filler, "basics", application).content.decode()


def test_a_page_seen_before_a_colleague_saved_changes_nothing(application, people):
    save(people, application, gdp=number(1000))

    answer = post(people.filler, "basics_save", application, revision=0, **{"n-gdp": "7"})

    assert (answer.status_code, code(answer)) == (409, "section_changed")
    assert application.basics.get().number == 1000


def sent(page, **typed):
    """What a browser would send of the form as it stands, with some fields typed over."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    names = {name.replace("_", "-"): text for name, text in typed.items()}
    return {
        name: value
        for name, value in (data | names).items()
        if value is not None and value is not False
    }


def test_two_people_on_different_lines_both_save(application, people):
    page = get(people.filler, "basics", application)
    save(people, application, gdp=number(1000))

    answer = post(people.filler, "basics_save", application, **sent(page, n_employment="12"))

    assert answer.status_code == 302
    kept = {each.meaning.code: each.number for each in application.basics.all()}
    assert kept == {"gdp": 1000, "employment": 12}


def test_two_people_on_one_line_see_both_and_lose_nothing(application, people):
    page = get(people.filler, "basics", application)
    save(people, application, gdp=number(1000), employment=number(5))

    answer = post(people.filler, "basics_save", application, **sent(page, n_gdp="2000"))

    assert (answer.status_code, code(answer)) == (409, "section_changed")
    (differing,) = answer.context["form"].differing
    assert (differing.number.value(), differing.theirs) == ("2000", "1000万元")
    again = post(people.filler, "basics_save", application, **sent(answer))
    assert again.status_code == 302
    kept = {each.meaning.code: each.number for each in application.basics.all()}
    assert kept == {"gdp": 2000, "employment": 5}


def test_who_may_not(application, people):
    assert get(people.reviewer, "basics", application).status_code == 200
    assert post(people.reviewer, "basics_save", application, revision=0).status_code == 403
    assert get(people.changan_lead, "basics", application).status_code == 404
    with pytest.raises(NotAllowed):
        save_basics(actor=people.lead, application_id=application.public_id, revision=0, lines={})


def test_nothing_is_changed_once_the_materials_are_finished(call, province, people):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.GOVERNMENT)

    with pytest.raises(Stale) as refused:
        save(people, application, gdp=number(1))

    assert refused.value.code == "not_editable"
    assert "不能修改" in text(get(people.filler, "basics", application))


def test_the_page_asks_as_much_of_the_whole_table_as_of_an_empty_one(application, people):
    client = signed_in(people.filler)
    address = url("basics", application)
    client.get(address)
    with CaptureQueriesContext(connection) as empty:
        client.get(address)
    write_everything(application, people.filler)
    with CaptureQueriesContext(connection) as whole:
        client.get(address)

    # Figures, evidence with its files, and steps are asked for once there are rows to have them.
    assert len(whole) - len(empty) == 4
    assert len(whole) <= 30
