from decimal import Decimal

from scoring.engine.types import Absence, CountyResult, Flag, IndicatorScore


def line(*flags):
    return IndicatorScore("01", Decimal("1.00"), flags, None)


def test_every_flag_has_a_label_of_its_own():
    labels = [flag.label for flag in Flag]

    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_every_absence_has_its_label_and_its_flag():
    assert {absence: Flag(absence).label for absence in Absence} == {
        Absence.MISSING: "缺报",
        Absence.NOT_APPLICABLE: "不适用",
        Absence.QUALITATIVE: "定性",
    }
    assert [absence.label for absence in Absence] == ["缺报", "不适用", "定性"]


def test_flags_of_a_county_are_those_of_its_lines_once_and_in_order():
    result = CountyResult(
        "130102",
        "长安区",
        Decimal("3.00"),
        "C",
        1,
        (line(Flag.FORECAST), line(Flag.CAPPED, Flag.FORECAST), line(Flag.MISSING)),
    )

    assert result.flags == (Flag.MISSING, Flag.FORECAST, Flag.CAPPED)
