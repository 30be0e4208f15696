"""S1's plan as plain values, and in the database with the city's register."""

import re
from dataclasses import replace

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level, Role
from county_portal.common.province_files import province_file
from tests.factories.people import make_person
from tests.factories.places import make_office, make_region
from uplift.actions.importing import draft_of, plan_text, read_plan_file
from uplift.actions.moving import move_version
from uplift.enums import PlanAction

# The 21 counties 石家庄市科技局 reviews; 辛集 is the province's.
S1_COUNTIES = {
    "130102": "长安区", "130104": "桥西区", "130105": "新华区", "130107": "井陉矿区",
    "130108": "裕华区", "130109": "藁城区", "130110": "鹿泉区", "130111": "栾城区",
    "130121": "井陉县", "130123": "正定县", "130125": "行唐县", "130126": "灵寿县",
    "130127": "高邑县", "130128": "深泽县", "130129": "赞皇县", "130130": "无极县",
    "130131": "平山县", "130132": "元氏县", "130133": "赵县", "130183": "晋州市",
    "130184": "新乐市",
}  # fmt: skip


def s1_document():
    """The data file."""
    return read_plan_file("shijiazhuang-2022", "hebei")


def s1_text():
    """What it says, counties by code."""
    return plan_text(s1_document(), S1_COUNTIES)


def s1_source():
    """The text of the document, blanks and line ends taken out."""
    text = province_file("uplift/shijiazhuang-2022.txt", "hebei").read_text(encoding="utf-8")
    return re.sub(r"\s", "", text)


def with_stage(text, place, **changed):
    """The same with one stage changed."""
    stages = list(text.stages)
    stages[place] = replace(stages[place], **changed)
    return replace(text, stages=tuple(stages))


def fill_register(province):
    """The other counties of 石家庄, each with its bureau."""
    city = Region.objects.get(code="130100")
    for code, name in S1_COUNTIES.items():
        if not Region.objects.filter(code=code).exists():
            county = make_region(
                name, code, Level.COUNTY, parent=city, reviewer=province.cities["shijiazhuang"]
            )
            make_office(f"{county.full_name}科学技术局", Level.COUNTY, county)


def city_crew(province):
    """Who draws the city's plan up, and who settles it."""
    office = province.cities["shijiazhuang"]
    drafter = make_person("sjz.drafter", Role.CITY_REVIEWER, office, "马拟定")
    decider = make_person("sjz.decider", Role.CITY_SIGNER, office, "胡审定")
    return drafter, decider


def settled(drafter, decider, version):
    """Handed in by one, settled by the other."""
    move_version(actor=drafter, version_id=version.public_id, action=PlanAction.SUBMIT)
    return move_version(actor=decider, version_id=version.public_id, action=PlanAction.SETTLE)


def s1_draft(drafter, system_version):
    """S1 drawn up."""
    return draft_of(actor=drafter, document=s1_document(), system_version=system_version)
