"""A year of another province: the same code on another folder, from the register to the commended list."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from county_portal.accounts.importer import import_province
from county_portal.accounts.models import Office, Region
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from county_portal.documents.importer import import_registers
from county_portal.home.context import _province_name
from indicators.actions.collecting import close_collection
from indicators.enums import FillMode, SubmissionAction
from indicators.importer import import_system
from indicators.rules import CellInput
from scoring.actions.panel import give_panel_scores
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
)
from scoring.actions.schemes import import_scheme
from scoring.engine.codec import scheme_from_bytes
from scoring.list_document import (
    attachment_title,
    commended_counties,
    list_parts,
    usual_title,
)
from scoring.schemes.golden import run_case
from scoring.schemes.source_cases import read_source_cases
from scoring.selectors.list_documents import list_document
from scoring.selectors.panel import list_panel_indicators
from tests.factories.people import make_person, signed_in
from tests.factories.sheets import add_item, fill, move, open_for_all, submission_of
from tests.scoring.acts import check_robustness, grade

BEST, MIDDLE, POOR = "630223", "632701", "632626"  # 互助, 玉树, 玛多
KEPT = (BEST, MIDDLE, POOR)

FULL = {
    "01": CellInput("2"),
    "02": CellInput("1"),
    "03": CellInput("1"),
    "04": CellInput(note="县长任组长，部门联动。"),
    "05": CellInput("3000"),
    "06": CellInput("", "3000", "200000"),
    "07": CellInput("", "1500", "100000"),
    "08": CellInput("1000"),
    "09": CellInput("60"),
    "10": CellInput("2"),
    "11": CellInput("3"),
    "12": CellInput("2"),
    "13": CellInput("20"),
    "14": CellInput("300"),
    "15": CellInput("2"),
    "16": CellInput("", "8000", "100000"),
}
BARE = FULL | {
    "05": CellInput("100"),
    "06": CellInput("", "100", "100000"),
    "07": CellInput("0.1"),
    "08": CellInput("10"),
    "09": CellInput("20"),
    "13": CellInput("0"),
    "14": CellInput("2"),
    "16": CellInput("", "1000", "100000"),
    **{code: CellInput("0") for code in ("01", "02", "03", "10", "11", "12", "15")},
}
HELD = (
    "innovation-leading-group",
    "leading-group-office",
    "bureau-independent",
    "service-centre",
    "high-tech-zone-national",
    "agricultural-science-park-provincial",
    "incubator-national",
    "maker-space-national",
    "star-creation",
    "key-laboratory-national",
    "engineering-centre-national",
    "deputy-head",
    "township-team",
)


@pytest.fixture
def qinghai(db, settings):
    """Its register, of which three counties under three 市州 go on."""
    settings.PROVINCE = "qinghai"
    # A process serves one province, and remembers its name.
    _province_name.cache_clear()
    made = import_province("qinghai")
    import_registers("qinghai")
    assert (made.regions, made.offices) == (1 + 8 + 44, 1 + 8 + 44)
    others = Region.objects.filter(level=Level.COUNTY).exclude(code__in=KEPT)
    others.update(valid_to=date(2017, 1, 1))
    yield made
    _province_name.cache_clear()


@pytest.fixture
def manager(qinghai):
    return make_person("manager", Role.PROVINCE_MANAGER, _province_office())


def _province_office():
    return Office.objects.get(level=Level.PROVINCE)


def _people(code):
    region = Region.objects.get(code=code)
    bureau = Office.objects.get(region=region)
    lead = make_person(f"{code}.lead", Role.COUNTY_LEAD, bureau)
    return lead, make_person(f"{code}.review", Role.CITY_REVIEWER, region.reviewing_office)


def _hand_in(collection, code, answers, held=()):
    lead, reviewer = _people(code)
    submission = submission_of(collection, code)
    for kind in held:
        add_item(lead, submission, f"{code}{kind}", kind=kind)
    fill(lead, submission, answers)
    move(lead, submission, SubmissionAction.SUBMIT)
    move(reviewer, submission, SubmissionAction.APPROVE)


@pytest.fixture
def published(manager):
    """Collected, reviewed, scored by an expert, graded, consented to and published by another person."""
    version = import_system("qinghai")
    scheme = import_scheme("qinghai", version.system)
    collection = open_for_all(manager, version)
    _hand_in(collection, BEST, FULL, HELD)
    _hand_in(collection, MIDDLE, BARE | {"09": CellInput(mode=FillMode.MISSING, note="未核定。")})
    _hand_in(collection, POOR, BARE)
    _score(collection)
    for submission in collection.submissions.all():
        move(manager, submission, SubmissionAction.RECEIVE)
    close_collection(actor=manager, collection_id=collection.public_id)
    run = grade(_Crew(manager), collection, scheme)
    check_robustness(manager, run)
    drawn = draft_list(actor=manager, data=ListInput(run.public_id, clock.today(), ""))
    record_consent(
        actor=manager,
        list_id=drawn.public_id,
        consent=ConsentInput(clock.today(), "青科领纪〔2026〕1号"),
    )
    publisher = make_person("publisher", Role.PROVINCE_PUBLISHER, _province_office())
    return publish_list(actor=publisher, list_id=drawn.public_id)


class _Crew:
    """What grading asks of the people: who orders it."""

    def __init__(self, manager):
        self.manager = manager


def _score(collection):
    expert = make_person("expert", Role.PROVINCE_EXPERT, _province_office())
    (indicator,) = list_panel_indicators([collection])
    points = {BEST: "5", MIDDLE: "2", POOR: "1"}
    give_panel_scores(
        actor=expert,
        collection=collection,
        indicator=indicator,
        scores={
            row.public_id: Decimal(points[row.region.code])
            for row in collection.submissions.select_related("region")
        },
    )


def test_golden_cases_come_out_as_reckoned_by_hand():
    from county_portal.common.province_files import province_file

    scheme = scheme_from_bytes(province_file("scheme.json", "qinghai").read_bytes())
    outcomes = {case.name: run_case(case, scheme) for case in read_source_cases("qinghai")}

    assert {name: outcome.cells[-1].got for name, outcome in outcomes.items()} == {
        "互助土族自治县满分": "100.00",
        "互助土族自治县各段中点": "53.50",
    }
    assert all(outcome.wrong == [] for outcome in outcomes.values())


def test_a_small_year_ends_in_a_list_that_commends_the_excellent(published):
    results = {
        row.region.code: (row.total, row.class_name)
        for row in published.run.results.select_related("region")
    }
    document = list_document(published)

    assert results[BEST] == (Decimal("99.00"), "优秀")  # one 科技镇长团 less than full marks
    assert {results[MIDDLE][1], results[POOR][1]} == {"一般"}
    assert [county.code for county in commended_counties(document)] == [BEST]
    told = {part.heading: part.paragraphs for part in list_parts(document)}
    assert told["表彰"] == (
        "根据青政办〔2018〕6号（十二）“对评价优秀的县（市、区）给予表彰”的规定，"
        "对评价优秀的互助土族自治县等1个县（市、区）予以表彰。",
    )
    assert published.document_number.startswith("青科领〔")
    assert attachment_title(document).endswith("年度县域科技进步水平评价名单")
    assert usual_title(document)[1:] == (
        f"关于公布{document.data_year}年度县域科技进步水平",
        "评价结果和跃升情况的通知",
    )

    page = Client().get(f"/lists/{published.public_id}/").content.decode()
    assert told["表彰"][0] in page
    assert "监测评价" not in page


def test_the_goals_page_says_who_is_missing(published, manager, django_assert_max_num_queries):
    client = signed_in(manager)
    with django_assert_max_num_queries(20):
        answer = client.get("/coverage/")

    page = answer.content.decode()
    coverage = answer.context["coverage"]
    standing = {each.goal.code: each for each in coverage.standings}
    assert answer.status_code == 200
    assert "各市（州）" in page
    assert coverage.data_year == clock.today().year - 1
    assert (standing["parks"].held, standing["parks"].of, standing["parks"].short) == (1, 3, 2)
    assert standing["literacy"].held == 1
    assert (standing["contribution"].held, standing["contribution"].unknown) == (1, 1)
    assert (standing["envoys"].amount, standing["envoys"].is_met) == (Decimal(304), True)
    assert (standing["pilots"].held, standing["pilots"].of) == (0, 3)
    missing = {line.city: line.missing for line in standing["parks"].lines}
    assert missing == {
        "海东市": (),
        "果洛藏族自治州": ("玛多县",),
        "玉树藏族自治州": ("玉树市",),
    }


def test_before_a_list_is_published_the_page_says_so(manager):
    page = signed_in(manager).get("/coverage/").content.decode()

    assert "还没有可以核算的数据" in page


def test_a_county_is_not_let_in(qinghai):
    lead, _ = _people(BEST)

    assert signed_in(lead).get("/coverage/").status_code == 403


def test_a_province_without_goals_is_told_so(people):
    page = signed_in(people.manager).get("/coverage/").content.decode()
    assert "本省没有设定覆盖目标" in page
    assert "覆盖目标" not in signed_in(people.manager).get("/inbox/").content.decode()


def test_pages_say_the_words_of_the_province(published, manager):
    front = Client().get("/").content.decode()
    listed = Client().get(f"/lists/{published.public_id}/").content.decode()
    login = Client().get("/login/").content.decode()

    assert "青海省科学技术厅" in front
    assert "按市（州）查看" in listed
    assert "ཡུལ་ཤུལ།" in listed
    assert "市（州）和省科技管理部门" in login
    assert "县域科技进步水平评价" in front
    assert "科技创新驱动试点县（市、区）" in front
    assert "县域科技进步水平评价" in listed
    foreign = ("设区市", "河北", "能力监测评价", "创新型县")
    found = {
        word: page[page.index(word) - 60 :][:90]
        for page in (front, listed, login)
        for word in foreign
        if word in page
    }
    assert found == {}
