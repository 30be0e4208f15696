"""The 27 pilots by code, and the figures invented around those of the evaluation."""

from decimal import Decimal

import pytest

from county_portal.accounts.importer import import_province
from county_portal.accounts.models import Region
from county_portal.demo.answers import answers_of
from county_portal.demo.programme.figures import Line, Story
from county_portal.demo.programme.register import load_batches

FIRST = "鹿泉 海港 玉田 固安 安国 任丘 曲周"
SECOND = (
    "藁城 栾城 承德县 平泉 怀来 迁西 迁安 安次 莲池 满城 "
    "泊头 河间 桃城 景县 威县 沙河 邯山 武安 定州 辛集"
)
KNOWN = {*FIRST.split(), *SECOND.split()}
INTENSITY = Line(
    "02", 2, Decimal(100), is_share=False, numerator="rd-expenditure", denominator="gdp"
)
ENERGY = Line(
    "27",
    4,
    Decimal(1),
    is_share=False,
    lower_is_better=True,
    numerator="energy-consumption",
    denominator="gdp",
)
ENTERPRISES = Line("11", 0, Decimal(1), is_share=False, value="high-tech-enterprises")


@pytest.fixture
def register(db):
    import_province("hebei")


def shortened(name):
    return name if len(name) == 2 or name == "承德县" else name[:-1]


def test_all_27_stand_in_the_register_under_their_code(register):
    counties = [county for batch in load_batches() for county in batch.counties]
    assert [len(batch.counties) for batch in load_batches()] == [7, 20]
    assert {shortened(county.name) for county in counties} == KNOWN
    for county in counties:
        region = Region.objects.get(code=county.code, valid_to__isnull=True)
        assert region.name == county.name


class TestStory:
    @pytest.fixture
    def story(self, register):
        return Story(Region.objects.get(code="130683", valid_to__isnull=True))

    def test_what_the_evaluation_asks_is_the_evaluations(self, story):
        answers = answers_of(story.region, 2020)
        assert story.fact("high-tech-enterprises", 2020) == Decimal(answers.answer("04").text)
        assert story.fact("high-tech-enterprises", 2017) < story.fact("high-tech-enterprises", 2018)

    def test_a_rate_is_what_its_parts_make(self, story):
        measured = story.measured(INTENSITY, 2019)
        made = measured.numerator * 100 / measured.denominator
        assert abs(measured.number - made) <= Decimal("0.000001")

    @pytest.mark.parametrize("line", [INTENSITY, ENERGY, ENTERPRISES])
    def test_no_promise_falls_behind_the_one_before(self, story, line):
        promised = [story.measured(line, 2017).number]
        promised += [story.target(line, 2018, year) for year in (2018, 2019, 2020)]
        assert promised == sorted(promised, reverse=line.lower_is_better)
        assert promised[0] != promised[-1]

    def test_the_same_story_is_told_twice(self, story):
        again = Story(story.region)
        assert again.measured(ENERGY, 2025) == story.measured(ENERGY, 2025)
