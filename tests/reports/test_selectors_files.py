"""Whose cards one may see: one's own county's, a reviewing office's, all; and their files."""

from datetime import timedelta

import pytest
from django.http import Http404

from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.files.actions import keep_generated
from reports.models import CardFile
from reports.selectors.files import (
    CardFilter,
    get_card_file,
    list_card_rows,
    list_card_years,
    list_files_of,
    narrow_rows,
    newest_files,
)
from scoring.selectors.reach import get_listed_row
from tests.factories.people import make_person
from tests.factories.places import make_office, make_region
from tests.reports.acts import BAZHOU, CHANGAN, JINGXING, XINJI, graded_year, region_of


def codes(rows):
    return [row.code for row in rows]


def keep(published, code, digest="d", *, days=0):
    """A rendered card without the rendering."""
    return CardFile.objects.create(
        published_list=published,
        region=region_of(published, code),
        digest=digest * 64,
        file=keep_generated(
            content=digest.encode(), name=f"{code}.pdf", content_type="application/pdf"
        ),
        pages=6,
        rendered_at=clock.now() + timedelta(days=days),
    )


SEEN = {
    "filler": [BAZHOU],
    "lead": [BAZHOU],
    "changan_lead": [CHANGAN],
    "reviewer": [BAZHOU],
    "signer": [BAZHOU],
    "shijiazhuang_reviewer": [CHANGAN, JINGXING],
    "xinji_reviewer": [XINJI],
    "manager": [BAZHOU, CHANGAN, JINGXING, XINJI],
    "checker": [BAZHOU, CHANGAN, JINGXING, XINJI],
    "publisher": [BAZHOU, CHANGAN, JINGXING, XINJI],
    "provider": [],
    "expert": [],
    "system_admin": [],
    "security_admin": [],
    "auditor": [],
}


def test_who_sees_which_cards_and_files(people, published):
    """The page and the file of the same county are seen by the same people."""
    files = {code: keep(published, code) for code in (BAZHOU, CHANGAN, JINGXING, XINJI)}

    for who, seen in SEEN.items():
        user = getattr(people, who)
        assert codes(list_card_rows(user, published)) == seen, who
        for code, file in files.items():
            if code in seen:
                assert get_card_file(user, file.public_id) == file
                continue
            with pytest.raises(Http404):
                get_card_file(user, file.public_id)
            with pytest.raises(Http404):
                get_listed_row(user, published, file.region.public_id)


def test_a_renamed_county_keeps_its_pages_and_its_files(people, published):
    file = keep(published, BAZHOU)
    old = Region.objects.get(code=BAZHOU)
    old.valid_to = clock.today()
    old.save()
    new = make_region(
        "霸州区",
        BAZHOU,
        "county",
        parent=old.parent,
        reviewer=old.reviewing_office,
        since=old.valid_to,
    )
    successor = make_person(
        "new.lead", people.lead.role, make_office("霸州区科学技术局", "county", new)
    )

    assert codes(list_card_rows(successor, published)) == [BAZHOU]
    assert get_card_file(successor, file.public_id) == file


def test_years_lead_a_county_straight_to_its_card(people, published):
    (year,) = list_card_years(people.lead)

    assert (year.published, year.count, year.row.code) == (published, 1, BAZHOU)


def test_years_of_those_with_several_counties_or_none(people, published):
    assert [
        (year.count, year.row)
        for who in ("manager", "shijiazhuang_reviewer", "provider")
        for year in list_card_years(getattr(people, who))
    ] == [(4, None), (2, None), (0, None)]


def test_years_newest_first_in_the_same_number_of_queries(
    people, version, scheme, django_assert_num_queries
):
    first = graded_year(people, version, scheme, years_ago=2)
    with django_assert_num_queries(4):
        assert len(list_card_years(people.lead)) == 1
    second = graded_year(people, version, scheme, number=2)

    with django_assert_num_queries(4):
        years = list_card_years(people.lead)

    assert [year.published for year in years] == [second, first]
    assert [year.row.code for year in years] == [BAZHOU, BAZHOU]


@pytest.mark.parametrize(
    "wanted, found",
    [
        (CardFilter(), [BAZHOU, CHANGAN, JINGXING, XINJI]),
        (CardFilter(class_name="B"), [BAZHOU]),
        (CardFilter(class_name="A"), []),
        (CardFilter(city="石家庄市"), [CHANGAN, JINGXING]),
        (CardFilter(city="河北省"), [XINJI]),
        (CardFilter(text="井陘"), [JINGXING]),
        (CardFilter(text="1301"), [CHANGAN, JINGXING, XINJI]),
        (CardFilter(text="BAZHOU"), [BAZHOU]),
        (CardFilter(class_name="C", city="石家庄市", text="长安"), [CHANGAN]),
        (CardFilter(class_name="B", text="长安"), []),
    ],
)
def test_narrowing(people, published, wanted, found):
    rows = list(list_card_rows(people.manager, published))

    assert codes(narrow_rows(rows, wanted)) == found


def test_the_newest_file_of_each_county(published):
    keep(published, BAZHOU, "a", days=2)
    newest = keep(published, BAZHOU, "b", days=3)
    keep(published, BAZHOU, "c", days=1)
    other = keep(published, XINJI)
    regions = [newest.region_id, other.region_id, region_of(published, CHANGAN).pk]

    assert newest_files(published, regions) == {
        newest.region_id: newest,
        other.region_id: other,
    }
    assert newest_files(published, [other.region_id]) == {other.region_id: other}


def test_files_by_content(published):
    wanted = keep(published, BAZHOU, "a", days=1)
    keep(published, BAZHOU, "b", days=2)

    assert list_files_of(published, ["a" * 64]) == {wanted.region_id: wanted}
    assert list_files_of(published, []) == {}
