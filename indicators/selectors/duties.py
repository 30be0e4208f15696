"""Who answers for an indicator in a county, and who provides its figure (责任单位 is not 数据提供单位)."""

from county_portal.accounts.models import Region
from indicators.models import SystemVersion


def responsible_units(version: SystemVersion, region: Region) -> dict[str, tuple[str, ...]]:
    """Names of the responsible units of `region` by indicator code."""
    rows = version.indicators.values_list("code", "responsible")
    return {code: tuple(units) for code, units in rows}
