"""Two cities, three counties under them, and one county directly under the province."""

from dataclasses import dataclass
from datetime import date

from county_portal.accounts.models import Office, Region, fold_variants
from county_portal.accounts.roles import Level, OfficeKind

SINCE = date(2016, 7, 1)
PROVIDER = OfficeKind.PROVIDER


@dataclass(frozen=True, slots=True)
class Province:
    """The register: regions and offices by a short name."""

    region: Region
    office: Office
    cities: dict[str, Office]
    counties: dict[str, Region]
    bureaus: dict[str, Office]
    providers: dict[str, Office]


# Key: name, code, city whose name precedes it, reviewing office, pinyin.
COUNTIES = {
    "bazhou": ("霸州市", "131081", "langfang", "langfang", "bazhoushi"),
    "changan": ("长安区", "130102", "shijiazhuang", "shijiazhuang", "changanqu"),
    "jingxing": ("井陉县", "130121", "shijiazhuang", "shijiazhuang", "jingxingxian"),
    "xinji": ("辛集市", "130181", "", "xinji", "xinjishi"),
}
CITIES = {"shijiazhuang": ("石家庄市", "130100"), "langfang": ("廊坊市", "131000")}


def build_province() -> Province:
    """All of it, in an empty register."""
    region = make_region("河北省", "130000", Level.PROVINCE)
    office = make_office("河北省科学技术厅", Level.PROVINCE, region)
    city_regions = {
        key: make_region(name, code, Level.CITY, parent=region)
        for key, (name, code) in CITIES.items()
    }
    cities = {
        key: make_office(f"{row.name}科学技术局", Level.CITY, row, order)
        for order, (key, row) in enumerate(city_regions.items(), 1)
    }
    cities["xinji"] = make_office("辛集市科学技术局（省直管审核）", Level.CITY, region, 9)
    counties = {}
    for key, (name, code, city, reviewer, pinyin) in COUNTIES.items():
        parent = city_regions.get(city)
        counties[key] = make_region(
            name,
            code,
            Level.COUNTY,
            parent=parent or region,
            reviewer=cities[reviewer],
            pinyin=pinyin,
        )
    bureaus = {
        key: make_office(f"{row.full_name}科学技术局", Level.COUNTY, row)
        for key, row in counties.items()
    }
    providers = {
        key: make_office(f"廊坊市霸州市{name}", Level.COUNTY, counties["bazhou"], kind=PROVIDER)
        for key, name in {"finance": "财政局", "statistics": "统计局"}.items()
    }
    return Province(region, office, cities, counties, bureaus, providers)


def make_region(
    name, code, level, *, parent=None, reviewer=None, pinyin="", since=SINCE, until=None
):
    """One region; a county under a city carries the city's name in front."""
    prefix = parent.name if parent and parent.level == Level.CITY else ""
    return Region.objects.create(
        code=code,
        name=name,
        full_name=prefix + name,
        level=level,
        parent=parent,
        reviewing_office=reviewer,
        valid_from=since,
        valid_to=until,
        search_name=fold_variants(prefix + name),
        pinyin=pinyin,
    )


def make_office(name, level, region, order=0, kind=OfficeKind.BUREAU):
    """One office; its short name is how lists call it."""
    short = name.replace("科学技术局", "科技局").replace("科学技术厅", "科技厅")
    return Office.objects.create(
        name=name, short_name=short, level=level, region=region, order=order, kind=kind
    )
