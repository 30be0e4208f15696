"""Pages of report cards through the browser: who, what, how many queries."""

import hashlib
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.documents.pdf import pdf_available
from county_portal.files.store import path_of
from reports.actions.cards import make_card
from reports.selectors.statistics import city_statistics, run_statistics
from tests.documents.reading import needs_pango
from tests.factories.people import signed_in
from tests.reports.acts import (
    BAZHOU,
    CHANGAN,
    JINGXING,
    XINJI,
    batch,
    graded_year,
    published_from,
    region_of,
)
from tests.reports.test_selectors_files import keep


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def card_address(published, code=BAZHOU):
    return address("card", published.public_id, region_of(published, code).public_id)


def words(response):
    """What is read on the page, tags and blanks left out."""
    main = response.content.decode().partition("<main")[2]
    return re.sub(r"<[^>]*>|\s", "", main)


def crumbs(response):
    return [label for label, _ in response.context["breadcrumbs"]]


@pytest.mark.parametrize(
    "who, code, status",
    [
        ("lead", BAZHOU, 200),
        ("filler", BAZHOU, 200),
        ("lead", CHANGAN, 404),
        ("changan_lead", BAZHOU, 404),
        ("reviewer", BAZHOU, 200),
        ("reviewer", XINJI, 404),
        ("shijiazhuang_reviewer", JINGXING, 200),
        ("shijiazhuang_reviewer", BAZHOU, 404),
        ("manager", XINJI, 200),
        ("checker", XINJI, 200),
        ("publisher", XINJI, 200),
        ("provider", BAZHOU, 403),
        ("expert", BAZHOU, 403),
        ("auditor", BAZHOU, 403),
        ("system_admin", BAZHOU, 403),
    ],
)
def test_who_reads_which_card_and_its_file(people, published, who, code, status):
    file, client = keep(published, code), signed_in(getattr(people, who))

    assert client.get(card_address(published, code)).status_code == status
    assert client.get(address("file", file.public_id)).status_code == status


@pytest.mark.parametrize("name", ["cards", "year", "card", "file"])
def test_pages_are_only_read(people, published, name):
    region = region_of(published, BAZHOU)
    arguments = {
        "cards": [],
        "year": [published.public_id],
        "card": [published.public_id, region.public_id],
        "file": [keep(published, BAZHOU).public_id],
    }

    answer = signed_in(people.lead).post(address(name, *arguments[name]))

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_the_countys_list_of_years_leads_to_its_card(people, published):
    response = signed_in(people.lead).get(address("cards"))

    assert card_address(published) in response.content.decode()
    assert f"{published.collection.data_year}年度廊坊市霸州市B类第1位首次参评" in words(response)


def test_years_without_any_list(people, collection):
    assert "还没有公布的名单" in words(signed_in(people.lead).get(address("cards")))


def test_years_in_which_one_was_not_graded(people, published):
    from tests.factories.people import make_person
    from tests.factories.places import make_office, make_region

    county = make_region(
        "新县", "139999", "county", parent=published.rows.first().region.parent,
        reviewer=people.reviewer.office,
    )  # fmt: skip
    lead = make_person("xinxian.lead", people.lead.role, make_office("新县局", "county", county))

    client = signed_in(lead)

    assert "该年度未参评" in words(client.get(address("cards")))
    assert "没有可查看的说明书" in words(client.get(address("year", published.public_id)))


def test_the_card_says_every_step(people, published):
    response = signed_in(people.changan_lead).get(card_address(published, CHANGAN))

    page = words(response)
    year = published.collection.data_year
    assert crumbs(response) == ["得分说明书", f"{year}年度", "石家庄市长安区"]
    assert f"石家庄市长安区{year}年度得分说明C类" in page
    assert "来源科技局、行政审批局（市审）确认填报：石家庄市长安区科技局" in page
    assert "高新技术企业数量50家工商注册企业数16625家分档2至5家，2.5至3.5分计算" in page
    assert "≈2.84下一台阶由3.01家增至5家（工商注册企业数16625家不变时，" in page
    assert "可加0.67分（还有1.16分）得分2.84/4全省第2位同档中位2.84本市中位—" in page
    assert "首次参评，没有上年度得分可比。" in page
    assert "距B类下限还差" in page
    assert "预测数按预测数计分，以核定数为准。涉及1项：科技型中小企业数量。" in page
    assert "B类" in page
    assert "全省平均" in page
    assert "None" not in page


def test_the_card_shows_last_year(people, two_years):
    _, second = two_years

    page = words(signed_in(people.lead).get(card_address(second)))

    assert "与上年度名单相比：跃升（上年度C类，第1位，" in page
    assert "本年12000上年7351.2变化+63.2%" in page
    assert "与上年度持平" in page


def test_a_card_of_a_corrected_list_says_so_and_shows_the_way(people, published):
    corrected = published_from(people, published.run, 2, "霸州市名称误印。")
    client = signed_in(people.lead)

    for stale in (card_address(published), address("year", published.public_id)):
        response = client.get(stale)
        assert "霸州市名称误印。" in words(response)
        assert address("year", corrected.public_id) in response.content.decode()
    assert "不再有效" not in words(client.get(card_address(corrected)))
    assert "更正（第2版）" in words(client.get(card_address(corrected)))


def test_a_list_in_preparation_has_no_cards(people, published):
    from tests.scoring.acts import consented

    drafted = consented(people, published.run, 2, "更正。")
    client = signed_in(people.manager)

    assert client.get(address("year", drafted.public_id)).status_code == 404
    assert client.get(card_address(drafted)).status_code == 404
    assert client.post(address("batch", drafted.public_id)).status_code == 404


@pytest.mark.parametrize(
    "query, found",
    [
        ("", [BAZHOU, CHANGAN, JINGXING, XINJI]),
        ("klass=C", [CHANGAN, JINGXING, XINJI]),
        ("city=石家庄市&klass=C", [CHANGAN, JINGXING]),
        ("q=xinji", [XINJI]),
        ("q=　霸州　", [BAZHOU]),
        ("city=没有这个市", [BAZHOU, CHANGAN, JINGXING, XINJI]),
        ("q=%E2%80%AE", [BAZHOU, CHANGAN, JINGXING, XINJI]),
        ("klass=Z", []),
    ],
)
def test_the_provinces_year_is_narrowed_through_the_address(people, published, query, found):
    response = signed_in(people.manager).get(f"{address('year', published.public_id)}?{query}")

    assert [row.code for row, _ in response.context["rows"]] == found
    assert ("没有符合条件的县" in words(response)) == (not found)
    chips = [(chip["label"], chip["count"]) for chip in response.context["chips"]]
    assert chips == [("全部", 4), ("B类", 1), ("C类", 3)]


def test_chips_keep_the_other_conditions(people, published):
    url = f"{address('year', published.public_id)}?city={quote('石家庄市')}&klass=C&q="

    chips = signed_in(people.manager).get(url).context["chips"]

    assert [(chip["label"], chip["current"]) for chip in chips] == [
        ("全部", False),
        ("B类", False),
        ("C类", True),
    ]
    assert chips[0]["url"] == f"?q=&city={quote('石家庄市')}&klass="
    assert chips[2]["url"] == f"?q=&city={quote('石家庄市')}&klass=C"


def test_a_county_alone_needs_no_filter(people, published):
    response = signed_in(people.lead).get(address("year", published.public_id))

    assert response.context["form"] is None
    assert "批量生成" not in words(response)


def test_the_years_queries_do_not_grow_with_rows(people, published):
    """One county for 廊坊, four for the province; with a file or without."""
    counts = {}
    for who in ("reviewer", "checker"):
        for _ in range(2):
            client = signed_in(getattr(people, who))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address("year", published.public_id))
            counts[who, keep(published, XINJI, str(len(counts))).pk] = len(queries)

    assert len(set(counts.values())) == 1


def test_the_years_list_queries_do_not_grow_with_years(people, version, scheme):
    counts = []
    for number, years_ago in enumerate((3, 2, 1), 1):
        graded_year(people, version, scheme, years_ago=years_ago, number=number)
        client = signed_in(people.lead)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address("cards")).context["years"]) == number
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_the_card_says_what_moved_it_and_where_to_verify_it(people, two_years):
    _, published = two_years
    keep(published, BAZHOU)
    made, _ = make_card(published, region_of(published, BAZHOU))

    response = signed_in(people.lead).get(card_address(published))

    page, html = words(response), response.content.decode()
    moved = response.context["moved"]
    assert f"总分较上年度增加{moved.points:.2f}分，由C类升入B类，加分较多的是" in page
    assert f"总分{moved.previous}{moved.total}+{moved.points}" in page.replace(
        "（另有", ""
    ).replace(f"{moved.unchanged}项没有变化）", "")
    assert html.count("<svg") >= 3
    assert "style=" not in html.partition("<main")[2]
    assert f"/v/{made.paper.code}/" in html
    assert f"编号{made.paper.number}（有效）" in page


def test_the_cards_queries_do_not_grow_with_counties(people, published):
    run_statistics(published.run_id)
    city_statistics(published.pk)
    counts = []
    for code in (BAZHOU, CHANGAN, XINJI):
        client = signed_in(people.manager)
        with CaptureQueriesContext(connection) as queries:
            client.get(card_address(published, code))
        counts.append(len(queries))

    assert counts[1] == counts[2]
    assert max(counts) <= 24


@needs_pango
def test_the_file_is_a_private_download(people, published):
    made, _ = make_card(published, region_of(published, BAZHOU))

    response = signed_in(people.lead).get(address("file", made.public_id))

    content = b"".join(response.streaming_content)
    year = published.collection.data_year
    assert content == path_of(made.file.sha256).read_bytes()
    assert content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote(f'{BAZHOU}霸州市{year}年度得分说明书.pdf')}"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'


@needs_pango
def test_the_card_offers_the_file_of_its_own_content_even_if_another_is_newer(people, published):
    made, _ = make_card(published, region_of(published, BAZHOU))
    keep(published, BAZHOU, "e", days=1)
    client = signed_in(people.lead)

    response = client.get(card_address(published))

    assert response.context["file"] == made


def test_the_card_offers_the_newest_file_while_none_of_its_content_is_made(people, published):
    client = signed_in(people.lead)
    assert "下载PDF" not in words(client.get(card_address(published)))
    newest = keep(published, BAZHOU)

    assert client.get(card_address(published)).context["file"] == newest


@needs_pango
def test_the_manager_starts_the_batch_and_downloads_the_zip(people, published):
    client = signed_in(people.manager)
    started = client.post(address("batch", published.public_id))
    assert started.status_code == 302
    waiting = client.get(address("year", published.public_id))
    assert "查看最近一次批量生成：" in words(waiting)

    job = batch(people, published)

    assert started["Location"] == reverse("jobs:detail", args=[job.public_id])
    done = client.get(address("year", published.public_id))
    assert reverse("jobs:result", args=[job.public_id]) in done.content.decode()
    assert words(done).count("下载（") == 4
    assert "下载全部" not in words(
        signed_in(people.checker).get(address("year", published.public_id))
    )


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker", "publisher"])
def test_others_start_no_batch(people, published, who):
    client = signed_in(getattr(people, who))

    assert client.post(address("batch", published.public_id)).status_code == 403
    assert client.get(address("batch", published.public_id)).status_code == 405


def test_without_pango_pages_go_on_and_the_batch_is_refused(people, published, monkeypatch):
    """As on a machine without it: a library does not load."""
    client = signed_in(people.manager)
    pdf_available.cache_clear()
    monkeypatch.setattr("county_portal.documents.pdf.LIBRARIES", ("libof-another-machine.so.0",))
    try:
        page = client.get(address("year", published.public_id))
        refused = client.post(address("batch", published.public_id))
        card = client.get(card_address(published))
    finally:
        pdf_available.cache_clear()

    assert "暂不能生成PDF；网页上的得分说明不受影响" in words(page)
    assert "批量生成PDF" not in words(page)
    assert (refused.status_code, card.status_code) == (503, 200)
    assert "pdf_unavailable" in refused.content.decode()
