"""The three ledgers as the province's folder brings them, their units as offices of the register."""

import pytest

from county_portal.accounts.models import Office, Region
from measures.enums import DutyKind
from measures.importer import import_ledgers, import_units
from measures.models import Duty, Goal, Ledger, Measure
from tests.factories.places import make_office, make_region
from tests.measures.acts import province_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledgers(people):
    province_units(people)
    return {ledger.office.region.name: ledger for ledger in import_ledgers("hebei")}


def units(ledger, number):
    duties = Duty.objects.filter(measure__ledger=ledger, measure__number=number)
    return [(duty.name, duty.kind) for duty in duties.order_by("order")]


def test_all_sixty_four_once(ledgers, django_assert_max_num_queries):
    assert Measure.objects.count() == 64
    assert Goal.objects.count() == 58
    assert import_ledgers("hebei") == []
    assert Ledger.objects.count() == 3


def test_all_cities_and_xiongan_lead_together(ledgers, province):
    assert units(ledgers["河北省"], 2) == [
        ("石家庄市政府", "lead"),
        ("廊坊市政府", "lead"),
        ("雄安新区管委会", "lead"),
    ]
    duties = Duty.objects.filter(measure__ledger=ledgers["河北省"], measure__number=2)
    assert {duty.source_words for duty in duties} == {"各市政府", "雄安新区管委会"}
    assert {duty.office.name for duty in duties} == {
        "石家庄市人民政府",
        "廊坊市人民政府",
        "河北雄安新区管理委员会",
    }


def test_governments_beside_an_office_of_the_province(ledgers):
    """省委组织部 leads number 21; the cities support it."""
    kinds = dict(units(ledgers["河北省"], 21))
    assert kinds["省委组织部"] == DutyKind.LEAD
    assert kinds["石家庄市政府"] == DutyKind.SUPPORT
    assert dict(units(ledgers["河北省"], 15))["省科技厅"] == DutyKind.SUPPORT


def test_every_unit_of_the_province_has_its_office(ledgers):
    duties = Duty.objects.filter(measure__ledger=ledgers["河北省"])
    # The bureau's short name is another in this register than in the province's file.
    assert {duty.name for duty in duties.filter(office=None)} <= {"省科技厅"}


def test_a_text_without_units_gets_marked_supplements(ledgers):
    duties = Duty.objects.filter(measure__ledger=ledgers["石家庄市"])
    assert all(duties.values_list("is_supplement", flat=True))
    assert dict(units(ledgers["石家庄市"], 1)) == {
        "市科技局": "lead",
        "石家庄市长安区": "support",
        "石家庄市井陉县": "support",
    }


def test_county_units_find_their_departments(ledgers, province):
    finance = Duty.objects.get(measure__ledger=ledgers["霸州市"], measure__number=1)
    assert finance.office == province.providers["finance"]
    bureau = Duty.objects.get(measure__ledger=ledgers["霸州市"], measure__number=13)
    assert bureau.office == province.bureaus["bazhou"]


def test_a_province_without_files_has_none(province):
    assert import_ledgers("qinghai") == []


def test_units_once(province):
    make_region("雄安新区", "13XA00", "city", parent=Region.objects.get(code="130000"))
    first = import_units("hebei")
    assert first == 13 + 2
    assert import_units("hebei") == 0
    assert Office.objects.filter(kind="unit").count() == first
    assert make_office("别的局", "city", None).kind == "bureau"
