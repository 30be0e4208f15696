"""The indicator system from its data file."""

from decimal import Decimal

from county_portal.audit.models import Event
from county_portal.common.province_files import province_file
from indicators.importer import import_system


def test_the_system_is_the_table_of_the_source(version):
    rows = list(version.indicators.select_related("group").order_by("order"))

    assert len(rows) == 17
    assert [group.name for group in version.groups.all()] == [
        "创新投入",
        "创新主体",
        "创新条件",
        "创新产出",
        "创新管理",
    ]
    assert [row.code for row in rows if row.kind == "rate"] == [
        "02",
        "03",
        "05",
        "07",
        "11",
        "12",
        "13",
        "14",
    ]
    assert [row.code for row in rows if row.kind == "itemised"] == ["08", "09", "10", "15", "16"]
    assert [row.code for row in rows if row.kind == "qualitative"] == ["17"]
    assert version.state == "locked"


def test_rates_carry_their_parts(version):
    row = version.indicators.get(code="05")

    assert (row.numerator_label, row.denominator_label) == ("高新技术企业数量", "工商注册企业数")
    assert row.factor == Decimal(1000)
    assert not row.is_integer


def test_kinds_of_evidence_carry_their_level(version):
    kinds = version.indicators.get(code="15").evidence_kinds.all()

    assert [kind.code for kind in kinds] == [
        "bureau-independent",
        "bureau-co-located",
        "bureau-plate",
        "leading-group",
    ]
    assert version.indicators.get(code="08").evidence_kinds.first().level == "国家"


def test_the_same_content_twice_is_the_same_version(version):
    again = import_system("hebei")

    assert again.pk == version.pk
    assert Event.objects.filter(act="import_indicator_system").count() == 1


def test_other_content_is_the_next_version(version, tmp_path, monkeypatch):
    source = province_file("indicator-system.json")
    text = source.read_text(encoding="utf-8").replace("“科学技术支出”", "“科学技术类支出”")
    (tmp_path / "hebei").mkdir()
    (tmp_path / "hebei" / source.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("county_portal.common.province_files.PROVINCES_DIR", tmp_path)

    changed = import_system("hebei")

    assert (changed.number, changed.system_id) == (2, version.system_id)
    assert changed.digest != version.digest


def test_a_pilot_table_says_which_shares_may_exceed_a_hundred(db):
    rows = import_system("hebei", "pilot").indicators.filter(may_exceed_hundred=True)

    assert [row.code for row in rows] == ["03", "06", "12", "13"]
    assert {row.unit for row in rows} == {"%"}
