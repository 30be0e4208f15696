"""What a person finds, what he may not find, and what it costs."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from applications.enums import ApplicationState
from county_portal.accounts.roles import Level
from county_portal.notices.actions import Message, notify
from county_portal.notices.models import Notice
from county_portal.search import selectors
from county_portal.search.matching import Query
from county_portal.search.selectors import search_all
from county_portal.search.sources import SOURCES
from tests.documents.papers import issue, make_register
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, draw_up_round, open_a_round
from tests.factories.places import make_region
from tests.factories.programme import publish_pilots
from tests.measures.acts import small_ledger

pytestmark = pytest.mark.django_db


def found(user, text, kind=""):
    return {
        group.source.key: [hit.title for hit in group.hits]
        for group in search_all(user, Query.of(text), kind)
    }


@pytest.mark.parametrize("text", ["霸州", "霸州市", "bazhou", "bzs", "131081"])
def test_a_county_is_found_by_name_pinyin_initials_and_code(province, text):
    assert found(None, text)["places"] == ["廊坊市霸州市"]


def test_variant_characters_find_the_county(province):
    assert found(None, "井陘")["places"] == ["石家庄市井陉县"]


def test_the_city_stands_before_its_counties(province):
    assert found(None, "石家庄")["places"][0] == "石家庄市"
    assert len(found(None, "石家庄")["places"]) == 3


def test_a_county_that_has_ended_is_found_with_what_became_of_it(province):
    changan = province.counties["changan"]
    ended = make_region(
        "桥东区",
        "130103",
        Level.COUNTY,
        parent=changan.parent,
        reviewer=changan.reviewing_office,
        since=date(1990, 1, 1),
        until=date(2014, 9, 9),
    )
    ended.successor = changan
    ended.save()

    (group,) = search_all(None, Query.of("桥东"))
    assert group.hits[0].title == "石家庄市桥东区"
    assert "2014年9月撤销，并入石家庄市长安区" in group.hits[0].note
    assert "%E9%95%BF%E5%AE%89" in group.hits[0].url


def test_the_practice_county_is_not_found(province):
    region = province.counties["bazhou"]
    region.is_practice = True
    region.save()

    assert "places" not in found(None, "霸州")


def test_indicators_are_found_once_each_and_open(client, version):
    hits = search_all(None, Query.of("gaoxinjishuqiye"), "indicators")[0].hits
    assert hits
    page = client.get(hits[0].url)
    assert page.status_code == 200
    assert "数据提供单位" in page.content.decode()

    version.state = "draft"
    version.save()
    assert client.get(hits[0].url).status_code == 404
    assert "indicators" not in found(None, "gaoxinjishuqiye")


def test_papers_are_found_by_the_office_that_issued_them(people):
    """By title, by pinyin and by number however it is written; nobody else's office finds them."""
    register = make_register(people.manager)
    paper = issue(people.publisher, register)
    texts = (paper.title[:6], paper.number, f"{paper.year}-{paper.serial}")
    for text in texts:
        assert paper.title in found(people.manager, text)["papers"], text
    for other in (people.filler, people.reviewer, people.system_admin, people.expert, None):
        for text in texts:
            assert "papers" not in found(other, text), (other, text)


def test_notices_are_ones_own(people):
    notify([people.filler], Message("k1", "sample", "关于霸州数据的提醒"))

    assert found(people.filler, "数据的提醒")["notices"] == ["关于霸州数据的提醒"]
    assert found(people.filler, "gybz")["notices"] == ["关于霸州数据的提醒"]
    for other in (people.lead, people.reviewer, people.changan_lead, people.auditor, None):
        assert "notices" not in found(other, "数据的提醒")


def test_a_notice_of_the_early_morning_is_of_that_day(people):
    notify([people.filler], Message("k1", "sample", "关于霸州数据的提醒"))
    Notice.objects.update(created_at=datetime(2026, 4, 30, 23, 0, tzinfo=UTC))

    (group,) = search_all(people.filler, Query.of("数据的提醒"), "notices")

    assert [hit.note for hit in group.hits] == ["2026-05-01"]


def test_pilots_and_rounds_as_everybody_reads_of_them(client, people, province):
    call = open_a_round(people.manager)
    drawn = draw_up_round(people.manager, title="秘密批次")
    apply_to(call, province.bureaus["changan"], ApplicationState.REVIEWED)
    publish_pilots(people.manager, people.publisher, call, province.bureaus["bazhou"])

    assert found(None, "创新型")["pilots"] == [call.title]
    assert found(None, "bazhou")["pilots"] == ["廊坊市霸州市试点"]
    for nothing in (drawn.title, "长安"):
        for person in (None, people.filler):
            assert "pilots" not in found(person, nothing)
    (group,) = search_all(None, Query.of("霸州"), "pilots")
    assert group.hits[0].note.startswith(f"{call.title}，建设中，")
    assert client.get(group.hits[0].url).status_code == 200


def test_the_guides_of_officials_are_not_for_the_public(people):
    assert "guides" in found(people.filler, "退回清单")
    assert "guides" not in found(None, "退回清单")


def test_nothing_is_asked_for_nothing(client, django_assert_num_queries, province):
    client.get(reverse("search:search"))
    with django_assert_num_queries(0):
        page = client.get(reverse("search:search"), {"q": "  "}).content.decode()
    assert "没有查到" not in page


def test_the_page_shows_what_was_typed_as_text(client, province):
    page = client.get(reverse("search:search"), {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page
    assert "没有查到“&lt;script&gt;" in page


def test_one_kind_alone(client, people, version):
    client.force_login(people.filler)
    page = client.get(reverse("search:search"), {"q": "gao", "kind": "indicators"}).content.decode()

    assert 'id="group-indicators"' in page
    assert 'id="group-guides"' not in page
    assert "查看全部类别" in page
    assert client.get(reverse("search:search"), {"q": "gao", "kind": "nothing"}).status_code == 200


@pytest.mark.parametrize("text", ["县", "xian", "2024"])
def test_the_number_of_queries_does_not_grow(people, version, django_assert_max_num_queries, text):
    """Each source asks once or twice, however much it holds."""
    search_all(people.manager, Query.of(text))
    for number in range(20):
        make_region(f"试验{number}县", f"1399{number:02}", Level.CITY)
    with django_assert_max_num_queries(10):
        groups = search_all(people.manager, Query.of(text))
    assert all(len(group.hits) <= 8 for group in groups)


def test_every_source_has_a_key_of_its_own():
    assert len({source.key for source in SOURCES}) == len(SOURCES)


# While somebody types


def suggested(client, text):
    return client.get(reverse("search:suggestions"), {"q": text}).json()["hits"]


def test_suggestions_are_few_and_the_best_first(client, province, version, monkeypatch):
    (hit,) = suggested(client, "bzs")
    assert (hit["kind"], hit["title"]) == ("县（市、区）", "廊坊市霸州市")
    assert hit["url"].startswith("/")

    monkeypatch.setattr(selectors, "SUGGESTED", 4)
    many = suggested(client, "企业")
    (group,) = search_all(None, Query.of("企业"), "indicators")
    assert [each["title"] for each in many] == [hit.title for hit in group.hits[:4]]
    assert group.count > 4


def test_nothing_typed_suggests_nothing_and_asks_nothing(client, django_assert_num_queries):
    for text in ("", "  ", "查无此物"):
        assert suggested(client, text) == []
    with django_assert_num_queries(0):
        assert suggested(client, " ") == []


def test_suggestions_are_only_what_one_may_open(client, people):
    small_ledger(people)
    assert suggested(client, "落实税收政策") == []
    (hit,) = suggested(signed_in(people.lead), "落实税收政策")
    assert hit["kind"] == "措施"


def test_suggestions_cost_no_more_than_a_few_queries(
    people, version, django_assert_max_num_queries
):
    browser = signed_in(people.lead)
    with django_assert_max_num_queries(11):
        assert suggested(browser, "科技")


def test_the_box_says_where_suggestions_come_from(client, province):
    page = client.get(reverse("search:search")).content.decode()
    assert page.count(f'data-suggest="{reverse("search:suggestions")}"') == 2
    assert "js/suggest.js" in page
