"""Handbooks of the posts, help beside every page, and words found in the guides."""

import re
import tomllib
from urllib.parse import unquote

import pytest
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.guides.help import HELP, page_help
from county_portal.guides.library import CONTENTS, GUIDES_DIR, library
from county_portal.guides.selectors import find_places, print_handbook, render_guide
from county_portal.home.context import NAVIGATION
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db


def reader(role):
    return make_user(role)


@pytest.mark.parametrize("role", Role)
def test_every_post_has_a_handbook(client, role):
    user = reader(role)
    client.force_login(user)
    books = library().handbooks_of(role)

    assert books
    page = client.get(reverse("guides:index")).content.decode()
    assert page.index(books[0].title) < page.index("公众查询与核验")
    whole = client.get(reverse("guides:handbook", args=[books[0].key])).content.decode()
    for chapter in books[0].chapters:
        assert f'id="{chapter.anchor}"' in whole


def test_each_anchor_of_a_handbook_stands_once():
    for book in library().handbooks:
        html = "".join(part.rendered.html for part in print_handbook(book))
        anchors = re.findall(r' id="([^"]+)"', html) + [row.anchor for row in book.chapters]
        assert len(anchors) == len(set(anchors)), book.key


def test_every_chapter_of_the_contents_is_there():
    """A page that lacks one still opens: help stands on every page, and may take none down."""
    contents = tomllib.loads((GUIDES_DIR / CONTENTS).read_text(encoding="utf-8"))["handbooks"]
    wanted = {name for row in contents for name in row["chapters"]}
    guides = library().guides
    for name in wanted:
        stem, _, anchor = name.partition("#")
        assert stem in guides, name
        if anchor:
            assert anchor in {section.anchor for section in guides[stem].sections}, name


@pytest.mark.parametrize("line", HELP, ids=str)
def test_every_line_of_help_leads_to_a_section_there_is(line):
    name, _, anchor = line[2].partition("#")
    assert name in library().guides
    assert not anchor or anchor in library().guides[name].anchors


@pytest.mark.parametrize("row", NAVIGATION, ids=lambda row: row[1])
def test_every_page_of_the_navigation_has_help_of_its_own(row):
    """For each role that has the entry; the general guide is help only with what everybody has."""
    _, label, name, needed, _ = row
    general = ("待办", "通知", "公开名单")
    for role in Role:
        user = reader(role)
        if needed and not any(map(user.holds, needed)):
            continue
        url = unquote(page_help(user, name).url)
        if label in general:
            continue
        assert not url.startswith("/guides/登录与日常/"), (name, role)


def test_help_stands_on_the_page_and_opens(client):
    user = reader(Role.COUNTY_FILLER)
    client.force_login(user)
    page = client.get(reverse("indicators:submissions")).content.decode()

    found = re.search(r'class="finder-help" href="([^"#]+)#([^"]+)"', page)
    assert found
    assert client.get(found[1]).status_code == 200
    assert f'id="{found[2]}"' in client.get(found[1]).content.decode()


def test_the_same_page_helps_each_role_in_its_own_words():
    urls = {
        role: unquote(page_help(reader(role), "indicators:submissions").url)
        for role in (
            Role.COUNTY_FILLER,
            Role.COUNTY_LEAD,
            Role.CITY_REVIEWER,
            Role.PROVINCE_MANAGER,
        )
    }

    assert urls == {
        Role.COUNTY_FILLER: "/guides/县级填报/#二填报",
        Role.COUNTY_LEAD: "/guides/县级填报/#三提交",
        Role.CITY_REVIEWER: "/guides/市级审核/",
        Role.PROVINCE_MANAGER: "/guides/省级管理/#一采集",
    }


def test_the_public_reads_its_own_handbook_and_no_other(client):
    assert client.get(reverse("guides:handbook", args=["public"])).status_code == 200
    assert client.get(reverse("guides:handbook", args=["county-filler"])).status_code == 404
    assert client.get(reverse("guides:guide", args=["县级填报"])).status_code == 302
    index = client.get(reverse("guides:index")).content.decode()
    assert "县级填报员手册" not in index
    assert "公众查询与核验" in index


def test_words_are_found_where_they_all_stand():
    user = reader(Role.COUNTY_FILLER)
    places = find_places(user, "退回 清单")

    assert places[0].heading in {"退回清单", "被退回以后"}
    assert find_places(user, "退回 不会有的词") == []
    assert find_places(user, "  ") == []


def test_the_public_finds_nothing_in_the_guides_of_officials():
    titles = {place.title for place in find_places(None, "填报")}

    assert titles <= {"公众查询与核验"}
    assert find_places(None, "核验码")


def test_a_search_that_finds_nothing_says_so(client):
    page = client.get(reverse("guides:index"), {"q": "<b>没有"}).content.decode()

    assert "没有同时含有“&lt;b&gt;没有”" in page


@pytest.mark.parametrize("name", [path.stem for path in sorted(GUIDES_DIR.glob("*.md"))])
def test_every_guide_renders_and_its_links_lead_somewhere(client, name):
    client.force_login(reader(Role.AUDITOR))
    guide = library().guides[name]
    html = render_guide(guide).html

    for url in re.findall(r'href="(/guides/[^"#]+)', html):
        answer = client.get(unquote(url))
        assert answer.status_code == 200, url
    assert client.get(reverse("guides:guide", args=[name])).status_code == 200


def test_guides_ask_the_database_only_who_reads(client, django_assert_max_num_queries):
    client.force_login(reader(Role.COUNTY_FILLER))
    with django_assert_max_num_queries(8):
        client.get(reverse("guides:index"), {"q": "填报"})


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsecret", "没有的图"])
def test_only_pictures_of_the_guides_are_served(client, name):
    assert client.get(f"/guides/pictures/{name}.png").status_code == 404
