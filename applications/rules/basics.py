"""基本情况表: S0 annex 2-2, the raw numbers behind the ratios of annex 2-1."""

from collections.abc import Sequence

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Materials


def missing_basics(materials: Materials) -> Sequence[Gap]:
    """Lines with neither a figure nor a reason for having none."""
    return [
        Gap(
            Section.BASICS,
            f"basic-{each.code}",
            "basic_missing",
            f"“{each.name}”还没有填写；确实没有此项数据的，请选择“没有”并说明。",
        )
        for each in materials.basics
        if each.number is None and not each.is_absent
    ]
