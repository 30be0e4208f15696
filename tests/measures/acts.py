"""Ledgers to act on: the three texts, or a small one of 霸州's."""

from county_portal.accounts.roles import Role
from measures.actions.keeping import LedgerInput, create_ledger
from measures.importer import import_units
from measures.rules.reading import read_measures
from tests.factories.people import make_person
from tests.factories.places import make_region

SMALL = (
    "（一）投入\n"
    "1.加大财政投入。2026年比重达到0.5%以上。（责任单位：市财政局、市统计局）\n"
    "2.落实税收政策。（责任单位：市税务局）\n"
    "（二）主体\n"
    "3.培育企业。（责任单位：市科技局，各乡镇（区、办））"
)


def small_ledger(people, **changed):
    """A ledger of three measures, kept by 霸州's bureau; its head keeps it."""
    data = LedgerInput(
        **{
            "title": "霸州市重点任务",
            "document_title": "霸州市工作方案",
            "aliases": {"市科技局": people.lead.office.name},
            **changed,
        }
    )
    return create_ledger(actor=people.lead, data=data, reading=read_measures(SMALL))


def province_units(people):
    """The offices S2 names, and liaisons of two of them."""
    make_region("雄安新区", "13XA00", "city", parent=people.manager.office.region)
    import_units("hebei")


def liaison(office, login="liaison"):
    """Somebody who reports for a unit."""
    role = Role.CITY_UNIT if office.level == "city" else Role.PROVINCE_UNIT
    return make_person(login, role, office, "刘联络")
