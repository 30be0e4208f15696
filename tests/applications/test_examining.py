"""What a conclusion needs, as the province sets it: said to everybody beforehand, and held to."""

import json
import shutil

import pytest
from django.urls import reverse

from applications.enums import RecordKind
from applications.rules.examining import Needs, lacking_of, lacking_records, read_needs
from county_portal.common import province_files
from county_portal.common.errors import Stale
from tests.applications.test_acceptances import (
    at_province,  # noqa: F401 -- fixtures
    begun,  # noqa: F401 -- fixtures
    defend,
    judge,
    pilot,  # noqa: F401 -- fixtures
    propose,
)
from tests.factories.people import signed_in

DEFENCE, VISIT = RecordKind.DEFENCE, RecordKind.ON_SITE
BOTH = {"records": [["defence"], ["on_site"]], "opinions": 2}
EITHER = {"records": [["defence", "on_site"]], "opinions": 1}


@pytest.mark.parametrize(
    ("records", "held", "lacking"),
    [
        ([[DEFENCE]], [], ["答辩记录"]),
        ([[DEFENCE]], [VISIT], ["答辩记录"]),
        ([[DEFENCE]], [DEFENCE], []),
        ([[DEFENCE], [VISIT]], [DEFENCE], ["现场核查记录"]),
        ([[DEFENCE], [VISIT]], [VISIT, DEFENCE], []),
        ([[DEFENCE, VISIT]], [], ["答辩或现场核查记录"]),
        ([[DEFENCE, VISIT]], [VISIT], []),
        ([], [], []),
    ],
    ids=["none", "other", "held", "one-of-two", "both", "neither", "either", "nothing-wanted"],
)
def test_records(records, held, lacking):
    assert lacking_records(Needs(records), held) == lacking


@pytest.mark.parametrize(
    ("given", "wanted", "lacking"),
    [
        (0, 1, ["专家评议意见须有1份以上，现在一份也没有"]),
        (1, 1, []),
        (1, 2, ["专家评议意见须有2份以上，现有1份"]),
        (3, 2, []),
    ],
    ids=["none", "enough", "too-few", "more"],
)
def test_opinions(given, wanted, lacking):
    assert list(lacking_of(Needs([], wanted), [], given)) == lacking


def test_what_is_wanted_in_words():
    assert Needs().words == "答辩记录、1份以上专家评议意见"
    assert read_needs(BOTH).words == "答辩记录、现场核查记录、2份以上专家评议意见"
    assert read_needs(EITHER).words == "答辩或现场核查记录、1份以上专家评议意见"


@pytest.mark.parametrize("key", ["hebei", "qinghai"])
def test_shipped_provinces_want_what_holds_without_a_file(key):
    assert read_needs(province_files.read_province_json("acceptance.json", key)) == Needs()


@pytest.fixture
def wanted(tmp_path, monkeypatch):
    """Lets a test set what the province wants; None takes the file away."""
    folder = tmp_path / "hebei"
    shutil.copytree(province_files.PROVINCES_DIR / "hebei", folder)
    monkeypatch.setattr(province_files, "PROVINCES_DIR", tmp_path)
    path = folder / "acceptance.json"

    def set_to(needs):
        path.unlink()
        if needs is not None:
            document = {"format": "county-portal/acceptance/1", "source": "省级", **needs}
            path.write_text(json.dumps(document), encoding="utf-8")

    return set_to


def test_a_province_that_wants_a_visit_and_two_opinions(people, at_province, wanted):  # noqa: F811
    wanted(BOTH)
    defend(people, at_province)
    judge(people, at_province)

    with pytest.raises(Stale, match="examination_incomplete") as refusal:
        propose(people, at_province)
    assert "缺现场核查记录；专家评议意见须有2份以上，现有1份。" in refusal.value.sentence


def test_a_province_content_with_either(people, at_province, wanted):  # noqa: F811
    wanted(EITHER)
    defend(people, at_province, kind=VISIT)
    judge(people, at_province)

    propose(people, at_province)


def test_without_a_file_a_defence_and_an_opinion(people, at_province, wanted):  # noqa: F811
    wanted(None)
    judge(people, at_province)
    defend(people, at_province, kind=VISIT)
    with pytest.raises(Stale, match="缺答辩记录"):
        propose(people, at_province)
    defend(people, at_province)

    propose(people, at_province)


def test_county_and_city_read_it_beforehand(people, at_province, wanted):  # noqa: F811
    wanted(BOTH)
    defend(people, at_province)
    judge(people, at_province)
    address = reverse("applications:acceptance", args=[at_province.public_id])

    for reader in (people.filler, people.reviewer):
        page = signed_in(reader).get(address).content.decode()
        assert "拟定结论之前须有：答辩记录、现场核查记录、2份以上专家评议意见。" in page
        assert "还没有现场核查记录。" in page
        # How many experts have spoken is the province's.
        assert "现有1份" not in page
    form = reverse("applications:acceptance_propose", args=[at_province.public_id])
    page = signed_in(people.manager).get(form).content.decode()
    assert "还不能拟定结论：缺现场核查记录；专家评议意见须有2份以上，现有1份。" in page


def test_the_county_reads_it_while_it_writes(people, begun, wanted):  # noqa: F811
    wanted(BOTH)
    address = reverse("applications:acceptance_edit", args=[begun.public_id])

    page = signed_in(people.filler).get(address).content.decode()

    assert "拟定结论之前须有：答辩记录、现场核查记录、2份以上专家评议意见。" in page
