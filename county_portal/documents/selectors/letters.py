"""How letters of a reviewing office call the writer, the places it speaks for, and the province."""

from collections.abc import Iterable

from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level


def territory_of(office: Office, counties: Iterable[str]) -> str:
    """廊坊市; where one office reviews what lies directly under the province, the counties' own names."""
    region = office.region
    if region is not None and region.level != Level.PROVINCE:
        return region.name
    return "、".join(counties)


def calls_itself(office: Office) -> str:
    """我局, or 我单位 for what is no bureau."""
    return "我局" if office.name.split("（")[0].endswith("局") else "我单位"


def province_office() -> Office | None:
    """The province's department, to which letters go; None in an empty register."""
    return Office.objects.filter(level=Level.PROVINCE).order_by("order", "pk").first()
