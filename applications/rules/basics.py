"""基本情况表: S0 annex 2-2, the raw numbers behind the ratios of annex 2-1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Basic, Materials, Row
from county_portal.common.numbers import plain, readable
from indicators.enums import IndicatorKind


def basics_prefix(application_id: UUID) -> str:
    """What places of an application's basics begin with in the register of facts."""
    return f"application:{application_id}:basics:"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A row of the 31-row table made anew from the basics; a count has no denominator and no factor."""

    row: Row
    numerator: Basic
    denominator: Basic | None
    stated: Decimal | None  # 上年数值 of the table

    @property
    def exact(self) -> Decimal | None:
        """What the basics come to, unrounded; None where a number is missing or the denominator is 0."""
        if self.numerator.number is None:
            return None
        if self.denominator is None:
            return self.numerator.number
        if not self.denominator.number:
            return None
        return self.numerator.number / self.denominator.number * self.row.factor

    @property
    def rounded(self) -> Decimal | None:
        """As it would stand in the table."""
        if self.exact is None or self.denominator is None:
            return self.exact
        return readable(self.exact)

    @property
    def agrees(self) -> bool:
        """Whether the table says the same, rounded to as many decimals as it gives; also where one is missing."""
        if self.exact is None or self.stated is None:
            return True
        return _round(self.exact, _places_of(self.stated)) == self.stated

    @property
    def formula(self) -> str:
        """How it is made, written out: 高新技术企业数量10家÷规上工业企业数100家×100."""
        words = _words(self.numerator)
        if self.denominator is None:
            return words
        factor = "" if self.row.factor == 1 else f"×{plain(self.row.factor)}"
        return f"{words}÷{_words(self.denominator)}{factor}"


def _words(basic: Basic) -> str:
    return f"{basic.name}{'（未填）' if basic.number is None else plain(basic.number) + basic.unit}"


def _round(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _places_of(number: Decimal) -> int:
    _, _, decimals = plain(number).partition(".")
    return max(len(decimals), 1)


def ratios_of(materials: Materials) -> list[Ratio]:
    """Rows of the table that the basics speak of, in its order."""
    basics = {each.code: each for each in materials.basics}
    found = []
    for row in materials.rows:
        cell = row.cells.get(materials.last_year)
        stated = cell.number if cell else None
        numerator, denominator = basics.get(row.numerator_fact), basics.get(row.denominator_fact)
        if row.kind == IndicatorKind.RATE and numerator and denominator:
            found.append(Ratio(row, numerator, denominator, stated))
        elif row.value_fact in basics:
            found.append(Ratio(row, basics[row.value_fact], None, stated))
    return found


def missing_basics(materials: Materials) -> Sequence[Gap]:
    """Lines with neither a figure nor a reason, unexplained differences, ratios the table states otherwise."""
    gaps = [gap for each in materials.basics for gap in _missing_of_line(each)]
    denominators = {
        each.denominator.code: each for each in ratios_of(materials) if each.denominator
    }
    for ratio in denominators.values():
        basic = ratio.denominator
        if basic and basic.number is not None and not basic.number:
            sentence = f"“{basic.name}”为0，不能作“{ratio.row.name}”的分母，请核对。"
            gaps.append(Gap(Section.BASICS, f"basic-{basic.code}", "denominator_zero", sentence))
    gaps.extend(
        Gap(
            Section.BASICS, f"ratio-{each.row.order}", "ratio_differs", _difference(each, materials)
        )
        for each in ratios_of(materials)
        if not each.agrees
    )
    return gaps


def _missing_of_line(basic: Basic) -> Iterator[Gap]:
    place = f"basic-{basic.code}"
    if basic.number is None and not basic.is_absent:
        sentence = f"“{basic.name}”还没有填写；确实没有此项数据的，请选择“没有”并说明。"
        yield Gap(Section.BASICS, place, "basic_missing", sentence)
    elif basic.elsewhere is not None and basic.number is not None:
        sentence = (
            f"“{basic.name}”填{plain(basic.number)}{basic.unit}，与{basic.elsewhere_label}的"
            f"{plain(basic.elsewhere)}{basic.unit}不一致，请改为一致，或在“说明”中写明原因后保存。"
        )
        yield Gap(Section.BASICS, place, "fact_unexplained", sentence)


def _difference(ratio: Ratio, materials: Materials) -> str:
    row = ratio.row
    means = "按基本情况表计算为" if ratio.denominator else "基本情况表填"
    return (
        f"第{row.order}行“{row.name}”的上年（{materials.last_year}年）数值填{plain(ratio.stated)}{row.unit}，"
        f"{means}{plain(ratio.rounded)}{row.unit}（{ratio.formula}），请核对后改正其中之一。"
    )
