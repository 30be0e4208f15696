"""The 31-row table as a county fills it: cells, ★, own rows, evidence, facts, colleagues."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import RowEvidence, SectionMark, TableFigure, TableRow
from county_portal.audit.models import Event
from county_portal.common import clock
from indicators.models import Fact, FactMeaning
from tests.factories.people import make_person, signed_in
from tests.factories.pilots import apply_to, begin, write_everything
from tests.files.samples import PDF

S = ApplicationState


@pytest.fixture
def application(call, people):
    return begin(people.filler, call)


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


@pytest.fixture
def year(application):
    return application.round.year


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.public_id, *more])


def posted(page):
    """What a browser would send of the form as it stands."""
    form = page.context["form"]
    data = {"revision": form.revision, "star": []}
    for line in form.lines:
        data[f"b-{line.order}"] = line.base
        data[f"r-{line.order}"] = line.typed.reason
        if line.is_qualitative:
            data[f"w-{line.order}"] = line.typed.words
        else:
            data |= {cell.name: cell.text for cell in [*line.cells, *line.parts]}
        if line.typed.is_starred:
            data["star"].append(line.order)
    return data


def save(client, application, **changed):
    page = client.get(url("table_edit", application))
    names = {name.replace("_", "-"): text for name, text in changed.items()}
    return client.post(url("table_edit", application), {**posted(page), **names})


def number(order, year):
    return TableFigure.objects.get(row__order=order, year=year).number


def test_page_shows_absolute_years_designated_rows_and_the_counter(application, filler, year):
    page = filler.get(url("table_edit", application))

    words = page.content.decode()
    for column in (f"上年数值（{year - 1}）", f"今年目标（{year}）", f"后年目标（{year + 2}）"):
        assert column in words
    assert "已选0项，还可选10项" in words
    assert words.count("指定考核</span>") == 5
    assert words.count('name="star"') == 25
    assert words.count("越低越好</span>") == 1


def test_what_is_typed_is_stored_exactly_and_shown_again_as_typed(application, filler, year):
    answer = save(filler, application, **{f"v_19_{year}": "1,234.50", f"v_7_{year - 1}": "０"})

    assert answer.url == url("table_edit", application)
    assert number(19, year) == Decimal("1234.5")
    assert number(7, year - 1) == 0
    assert 'value="1,234.50"' in filler.get(answer.url).content.decode()
    row = TableRow.objects.get(order=19)
    assert (row.indicator.code, TableFigure.objects.count()) == ("19", 2)
    detail = Event.objects.filter(act="save_table").latest("serial").detail
    assert detail["rows"]["19"] == {str(year): [["", "", ""], ["1234.5", "", ""]]}


def test_a_cell_made_blank_is_blank_and_not_0(application, filler, year):
    save(filler, application, **{f"v_19_{year}": "5"})
    save(filler, application, **{f"v_19_{year}": " "})

    assert not TableFigure.objects.exists()


def test_saving_what_stands_is_no_act(application, people, filler):
    write_everything(application, people.filler)
    before = Event.objects.count()

    answer = save(filler, application)

    assert answer.status_code == 302
    assert Event.objects.count() == before
    assert not SectionMark.objects.filter(section="table").exists()


@pytest.mark.parametrize(
    "order, text, code",
    [
        (7, "五", "不是数字"),
        (7, "-1", "不能为负"),
        (19, "1,23", "逗号"),
        (19, "12%", "百分号"),
        (7, "9" * 13, "超过12位"),
        (19, "0.1234567", "小数超过"),
    ],
)
def test_a_faulty_cell_is_refused_in_words_and_nothing_is_saved(
    application, filler, year, order, text, code
):
    answer = save(filler, application, **{f"v_{order}_{year}": text, f"v_20_{year}": "5"})

    assert answer.status_code == 422
    (fault,) = answer.context["form"].faults
    assert fault.target == f"v-{order}-{year}"
    assert code in fault.sentence
    assert f'href="#v-{order}-{year}"' in answer.content.decode()
    assert not TableFigure.objects.exists()


def test_a_ratio_is_what_its_parts_make(application, filler, year):
    save(filler, application, n_2="2000", d_2="66666.7")

    figure = TableFigure.objects.get()
    assert (figure.year, figure.number) == (year - 1, Decimal("2.999999"))
    assert (figure.numerator, figure.denominator) == (Decimal(2000), Decimal("66666.7"))


@pytest.mark.parametrize(
    "ratio, parts, is_saved",
    [
        ("3.00", ("2000", "66666.7"), True),
        ("2.9", ("2000", "66666.7"), False),
        ("3", ("2000", ""), False),
        ("", ("2000", "0"), False),
        ("", ("999999999999", "0.000001"), False),
    ],
)
def test_a_typed_ratio_must_agree_with_its_parts(application, filler, year, ratio, parts, is_saved):
    typed = {f"v_2_{year - 1}": ratio, "n_2": parts[0], "d_2": parts[1]}

    answer = save(filler, application, **typed)

    assert answer.status_code == (302 if is_saved else 422)
    assert TableFigure.objects.exists() is is_saved


def test_stars_are_counted_and_one_on_a_designated_row_is_refused(application, filler):
    page = save(filler, application, star=[1, 3, 5])
    assert "已选3项，还可选7项" in filler.get(page.url).content.decode()
    save(filler, application, star=[1, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14])
    assert "已选11项，最多10项" in filler.get(page.url).content.decode()

    answer = save(filler, application, star=[1, 2, 3, 5, 6, 7, 8, 9, 10, 11])

    assert answer.status_code == 422
    assert answer.context["error_code"] == "star_on_designated"
    assert "指定考核指标" in answer.content.decode()
    assert not TableRow.objects.filter(order=2).exists()


def test_doubts_stand_beside_their_row_until_they_are_explained(application, filler, year):
    typed = {f"v_19_{year + place}": text for place, text in ((-1, "50"), (0, "40"), (1, "45"))}
    save(filler, application, **typed, **{f"v_19_{year + 2}": "46"})
    page = filler.get(url("table_edit", application))
    line = next(each for each in page.context["form"].lines if each.order == 19)
    assert [gap.code for gap in line.gaps] == ["target_worse_than_baseline"]

    save(filler, application, r_19="上年有一笔特大合同。\r\n不可持续。")

    page = filler.get(url("table_edit", application))
    line = next(each for each in page.context["form"].lines if each.order == 19)
    assert line.gaps == []
    assert TableRow.objects.get(order=19).reason == "上年有一笔特大合同。\n不可持续。"


def test_blank_or_controlled_words_are_not_taken(application, filler):
    answer = save(filler, application, w_29="已出台\x07意见。")

    assert answer.status_code == 422
    assert answer.context["form"].faults[0].target == "w-29"
    assert save(filler, application, r_19="长" * 501).status_code == 422
    save(filler, application, w_29="　 ")
    assert not TableRow.objects.filter(order=29).exists()


def test_page_reads_the_whole_table_at_a_constant_number_of_queries(
    application, people, filler, django_assert_num_queries
):
    write_everything(application, people.filler)
    filler.get(url("table_edit", application))

    with django_assert_num_queries(32):
        filler.get(url("table_edit", application))
    with django_assert_num_queries(28):
        filler.get(url("table", application))


# --- colleagues ----------------------------------------------------------------------------------


@pytest.fixture
def colleague(application):
    return signed_in(make_person("bazhou.second", "county_filler", application.office, "钱填报"))


def test_two_people_on_different_rows_both_save(application, filler, colleague, year):
    mine = filler.get(url("table_edit", application))
    save(colleague, application, **{f"v_19_{year}": "7"})

    answer = filler.post(url("table_edit", application), {**posted(mine), f"v-20-{year}": "8"})

    assert answer.status_code == 302
    assert (number(19, year), number(20, year)) == (7, 8)


def test_two_people_on_one_row_see_both_and_lose_nothing(application, filler, colleague, year):
    mine = filler.get(url("table_edit", application))
    save(colleague, application, **{f"v_19_{year}": "7", f"v_21_{year}": "3"})

    answer = filler.post(url("table_edit", application), {**posted(mine), f"v-19-{year}": "8"})

    assert answer.status_code == 409
    assert answer.context["error_code"] == "section_changed"
    assert number(19, year) == 7
    (differing,) = answer.context["form"].differing
    assert (differing.typed.summary, differing.theirs.summary) == (f"{year}年8", f"{year}年7")
    again = filler.post(url("table_edit", application), posted(answer))
    assert again.status_code == 302
    assert (number(19, year), number(21, year)) == (8, 3)


def test_another_section_does_not_hinder(application, filler, colleague, year):
    mine = filler.get(url("table_edit", application))
    document = {
        "title": "请示",
        "document_number": "霸政字〔2026〕8号",
        "issued_on": clock.today().isoformat(),
        "file": SimpleUploadedFile("a.pdf", PDF),
        "revision": 0,
    }
    assert colleague.post(url("document_edit", application), document).status_code == 302

    answer = filler.post(url("table_edit", application), {**posted(mine), f"v-19-{year}": "8"})

    assert answer.status_code == 302
    assert {mark.section: mark.revision for mark in application.marks.all()} == {
        "document": 1,
        "table": 1,
    }
    application.refresh_from_db()
    assert application.revision == 2


# --- facts ---------------------------------------------------------------------------------------


def state_fact(application, person, code, number, year):
    Fact.objects.create(
        region=application.region,
        meaning=FactMeaning.objects.get(code=code),
        data_year=year,
        number=Decimal(number),
        place=f"submission:{code}",
        place_label=f"{year}年度填报表",
        recorded_by=person,
        recorded_at=clock.now(),
    )


def test_last_years_figures_are_taken_from_facts_with_their_source(
    application, people, filler, year
):
    state_fact(application, people.filler, "high-tech-enterprises", "80", year - 1)
    state_fact(application, people.filler, "industry-enterprises", "160", year - 1)
    state_fact(application, people.filler, "tech-smes", "900", year - 1)
    save(filler, application, **{f"v_16_{year - 1}": "901"})
    page = filler.get(url("table_edit", application))
    assert f"{year - 1}年度填报表" in page.content.decode()

    filler.post(url("table_fill", application), {"revision": page.context["form"].revision})

    assert number(11, year - 1) == 80
    share = TableFigure.objects.get(row__order=12)
    assert (share.number, share.numerator, share.denominator) == (50, 80, 160)
    assert number(16, year - 1) == 901  # what was typed stays
    detail = Event.objects.get(act="fill_table_from_facts").detail
    assert detail["rows"]["11"]["sources"] == [f"{year - 1}年度填报表"]
    again = filler.get(url("table_edit", application)).context["form"].revision
    filler.post(url("table_fill", application), {"revision": again})
    assert Event.objects.filter(act="fill_table_from_facts").count() == 1


def test_the_past_of_facts_reaches_the_completeness_list(application, people, filler, year):
    for back, figure in ((3, "100"), (2, "102"), (1, "104")):
        state_fact(application, people.filler, "technology-contracts", figure, year - back)
    save(filler, application, **{f"v_19_{year - 1}": "104", f"v_19_{year}": "130"})

    page = filler.get(url("application", application))

    assert any("25%" in gap.sentence and gap.place == "row-19" for gap in page.context["gaps"])


# --- rows of the county's own, evidence ------------------------------------------------------------

OWN = {
    "name": "特色产业营业收入",
    "unit": "亿元",
    "direction": "low",
    "definition": "集群企业合计。",
}


def test_the_years_before_stand_beside_last_years_figure(application, people, filler, year):
    for back, number_then in ((3, "60"), (2, "70"), (1, "80")):
        state_fact(application, people.filler, "high-tech-enterprises", number_then, year - back)

    words = filler.get(url("table_edit", application)).content.decode()

    assert f'<span class="past">{year - 3}年60，{year - 2}年70</span>' in words


def test_own_rows_are_added_filled_changed_and_removed(application, filler, year):
    filler.post(url("own_row_add", application), OWN)
    filler.post(url("own_row_add", application), {**OWN, "name": "第二项", "direction": "high"})
    save(filler, application, **{f"v_31_{year}": "5"})
    row = TableRow.objects.get(order=31)
    assert (row.own_name, row.own_lower_is_better) == ("特色产业营业收入", True)
    assert "31-2" in filler.get(url("table", application)).content.decode()

    filler.post(reverse("applications:own_row", args=[row.public_id]), {**OWN, "unit": "万元"})
    row.refresh_from_db()
    assert row.own_unit == "万元"
    answer = filler.post(reverse("applications:own_row_remove", args=[row.public_id]))

    assert answer.status_code == 302
    assert [row.order for row in TableRow.objects.filter(indicator=None)] == [32]
    removed = Event.objects.get(act="remove_own_row").detail
    assert removed["figures"] == {str(year): "5.000000"}
    assert (
        filler.post(reverse("applications:own_row_remove", args=[row.public_id])).status_code == 404
    )


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"name": "高新技术企业数量"}, "name"),
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"definition": ""}, "definition"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_a_faulty_own_row_is_refused(application, filler, changed, field):
    answer = filler.post(url("own_row_add", application), {**OWN, **changed})

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not TableRow.objects.exists()


def test_evidence_is_added_read_by_the_city_and_removed(application, people, filler):
    data = {"name": "实施意见", "document_number": "霸发[2025]3号"}
    page = url("row_evidence", application, 29)
    filler.post(page, {**data, "file": SimpleUploadedFile("意见.pdf", PDF)})

    item = RowEvidence.objects.get()
    assert (item.row.order, item.document_number) == (29, "霸发〔2025〕3号")
    file = reverse("applications:row_evidence_file", args=[item.public_id])
    assert signed_in(people.reviewer).get(file).getvalue() == PDF
    assert signed_in(people.changan_lead).get(file).status_code == 404
    filler.post(reverse("applications:row_evidence_remove", args=[item.public_id]))
    assert not RowEvidence.objects.exists()
    assert filler.post(page, {**data, "file": ""}).status_code == 422
    assert filler.get(url("row_evidence", application, 99)).status_code == 404


def test_on_the_way_to_evidence_what_was_typed_is_saved(application, filler, year):
    page = filler.get(url("table_edit", application))
    data = {**posted(page), f"v-19-{year}": "8", "then": "evidence-29"}

    answer = filler.post(url("table_edit", application), data)

    assert answer.url == url("row_evidence", application, 29)
    assert number(19, year) == 8


# --- who may, when --------------------------------------------------------------------------------


def test_city_and_lead_read_what_they_may_not_change(application, people, filler, year):
    save(filler, application, **{f"v_19_{year}": "7"})

    for reader in (people.lead, people.reviewer, people.manager):
        client = signed_in(reader)
        page = client.get(url("table", application))
        line = next(each for each in page.context["form"].lines if each.order == 19)
        assert (Decimal(7), year) in line.numbers
        assert url("table_edit", application) not in page.content.decode()
        assert client.get(url("table_edit", application)).status_code == 403
        assert client.post(url("table_fill", application)).status_code == 403


def test_a_finished_table_is_not_changed(call, people, province, filler):
    year = call.year
    application = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)
    page = filler.get(url("table_edit", application))
    assert page.context["error_code"] == "not_editable"
    assert "table-form" not in page.content.decode()

    answer = save(filler, application, **{f"v_19_{year}": "7"})

    assert answer.status_code == 409
    assert number(19, year) == 11
    assert filler.post(url("own_row_add", application), OWN).status_code == 409


# --- saved while it is typed ---------------------------------------------------------------------


def row_of(page, order, **changed):
    """What the page's script sends of one row."""
    (line,) = [each for each in page.context["form"].lines if each.order == order]
    star = {"star": order} if line.typed.is_starred else {}
    names = {name.replace("_", "-"): text for name, text in changed.items()}
    return {f"b-{order}": line.base, **line.fields, **star, **names}


def test_a_row_is_saved_by_itself_and_the_answer_says_what_changed(application, filler, year):
    page = filler.get(url("table_edit", application))

    answer = filler.post(
        url("rows_save", application), row_of(page, 19, **{f"v_19_{year}": "7", "star": 19})
    ).json()

    assert (answer["outcome"], answer["revision"]) == ("saved", 1)
    piece = answer["rows"]["19"]
    assert (piece["state"], piece["star"]) == ("saved", True)
    assert piece["fields"][f"v-19-{year}"] == "7"
    assert (number(19, year), TableRow.objects.get(order=19).is_starred) == (7, True)
    assert "再选9项" in answer["gaps"]
    again = row_of(page, 19, **{f"v_19_{year}": "8", "b_19": piece["base"]})
    assert filler.post(url("rows_save", application), again).json()["revision"] == 2


@pytest.mark.parametrize(
    "mark, said",
    [({"autosaved": "yes"}, "已保存。"), ({}, "内容没有变化，无需保存。")],
    ids=["saved while typed", "nothing typed"],
)
def test_what_was_saved_while_typed_is_not_called_unchanged(application, filler, mark, said):
    page = filler.get(url("table_edit", application))

    answer = filler.post(url("table_edit", application), posted(page) | mark, follow=True)

    assert said in answer.content.decode()


def test_a_row_that_cannot_be_read_stops_no_other(application, filler, year):
    page = filler.get(url("table_edit", application))
    both = {
        **row_of(page, 19, **{f"v_19_{year}": "七"}),
        **row_of(page, 20, **{f"v_20_{year}": "8"}),
    }

    rows = filler.post(url("rows_save", application), both).json()["rows"]

    assert (rows["19"]["state"], rows["20"]["state"]) == ("invalid", "saved")
    assert rows["19"]["faulty"] == [f"v-19-{year}"]
    assert "不是数字" in rows["19"]["notes"]
    assert TableFigure.objects.get().number == 8


def test_a_row_never_goes_over_what_a_colleague_saved_unseen(application, filler, colleague, year):
    page = filler.get(url("table_edit", application))
    save(colleague, application, **{f"v_19_{year}": "7", f"v_21_{year}": "3"})
    mine = {
        **row_of(page, 19, **{f"v_19_{year}": "8"}),
        **row_of(page, 20, **{f"v_20_{year}": "9"}),
    }

    rows = filler.post(url("rows_save", application), mine).json()["rows"]

    assert (rows["19"]["state"], rows["20"]["state"]) == ("conflict", "saved")
    assert (number(19, year), number(20, year)) == (7, 9)
    assert f"{year}年7" in rows["19"]["notes"]
    assert rows["21"]["fields"][f"v-21-{year}"] == "3"
    chosen = row_of(page, 19, **{f"v_19_{year}": "8", "b_19": rows["19"]["base"]})
    filler.post(url("rows_save", application), chosen)
    assert number(19, year) == 8


def test_rows_of_finished_materials_are_refused_in_words(call, people, province):
    application = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)
    year = application.round.year
    filler = signed_in(people.filler)

    answer = filler.post(url("rows_save", application), {"b-19": "", f"v-19-{year}": "7"})

    assert answer.status_code == 409
    assert (answer.json()["outcome"], answer.json()["reason"]) == ("refused", "not_editable")


def test_a_star_on_a_designated_row_is_refused_in_words_while_typed(application, filler):
    page = filler.get(url("table_edit", application))

    answer = filler.post(url("rows_save", application), row_of(page, 2, star=2))

    assert answer.status_code == 422
    assert answer.json()["reason"] == "star_on_designated"


def test_enter_in_a_figure_saves_and_leads_nowhere_else(application, filler):
    words = filler.get(url("table_edit", application)).content.decode()

    form = words[words.index('id="table-form"') :]
    button = form[form.index("<button") :]
    assert "name=" not in button[: button.index(">")]


def test_a_page_that_was_refused_says_which_rows_are_not_saved(application, filler, year):
    answer = save(filler, application, **{f"v_19_{year}": "七", f"v_20_{year}": "8"})

    form = answer.context["form"]
    assert [each.order for each in form.lines if each.unsaved] == [19, 20]
