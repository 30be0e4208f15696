"""What this installation's province calls its levels, its office, its classes: `province.json` of its folder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache

from django.conf import settings

from county_portal.common.province_files import read_province_json

# Of classes, best first, as style sheets know them.
SHADES = ("a", "b", "c")


@dataclass(frozen=True, slots=True)
class Words:
    """What officials of the province say, each as it stands in a sentence."""

    province_office: str  # 省科技厅
    city: str  # the level above the county: 设区市 or 市（州）
    county: str  # 县（市、区）
    evaluation: str  # the yearly evaluation of all counties
    assessed: str  # what of a county the evaluation looks at: 科技创新能力, 科技进步水平
    assessing: str  # what it does about it: 监测评价, 评价
    pilots: str  # the pilots of the programme, in running text
    pilot_kind: str  # what a county becomes by it: 创新型县（市、区）
    programme: str  # the pilot programme, as its rounds and papers name it
    guideline: str  # what the programme rests on, without 《》
    listing_basis: str  # what the public is told the evaluation rests on

    def as_fields(self) -> dict[str, str]:
        """By name, for texts that are filled in."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Province:
    """The province as its folder describes it."""

    key: str
    name: str
    host_unit: str
    classes: Sequence[str]  # best first
    bureau: str  # a county's bureau, with {full_name}
    bureau_short: str  # the same with {name}
    second_names: Mapping[str, Mapping[str, str]]  # by region's name, then by language
    words: Words

    def shade(self, class_name: str) -> str:
        """The shade a class is drawn in, by its place: a, b, c; none where it is no class of the province."""
        place = self.classes.index(class_name) if class_name in self.classes else len(SHADES)
        return SHADES[place] if place < len(SHADES) else "none"

    def best_first(self, names: Iterable[str]) -> list[str]:
        """Names of classes as the province ranks them; what is no class of it comes last, by its text."""
        known = {name: place for place, name in enumerate(self.classes)}
        return sorted(names, key=lambda name: (known.get(name, len(known)), name))

    def second_name(self, region: str) -> tuple[str, str] | None:
        """Language and name of a region in the first other language it has a name in; None without."""
        return next(iter(self.second_names.get(region, {}).items()), None)


def province() -> Province:
    """The installation's own. Raises FileNotFoundError where PROVINCE names no folder."""
    return read_province(settings.PROVINCE)


def words() -> Words:
    """What is said here; asked for whenever a sentence is made."""
    return province().words


@cache
def read_province(key: str) -> Province:
    """Any province that has a folder. Raises FileNotFoundError otherwise."""
    document = read_province_json("province.json", key)
    return Province(
        key=key,
        name=document["name"],
        host_unit=document["host_unit"],
        classes=tuple(document["classes"]),
        bureau=document["bureau"]["name"],
        bureau_short=document["bureau"]["short_name"],
        second_names=document.get("second_names", {}),
        words=Words(**document["words"]),
    )
