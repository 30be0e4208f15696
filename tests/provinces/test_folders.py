"""Folders of provinces: those that come with the product are sound, and every fault is named."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from county_portal.accounts.importer import import_province
from county_portal.accounts.models import Office, Region
from county_portal.common import province_files
from county_portal.common.errors import Invalid
from county_portal.common.province_checks import list_faults, list_provinces, list_sound
from measures.actions.importing import read_plain

SHIPPED = province_files.PROVINCES_DIR


@pytest.mark.parametrize("key", ["hebei", "qinghai"])
def test_shipped_folders_are_sound(key):
    assert list_faults(key) == []


@pytest.mark.parametrize(("key", "ledgers"), [("hebei", 3), ("qinghai", 1)])
def test_every_ledger_of_a_folder_is_played(key, ledgers):
    """What the story leaves out would be in no demonstration."""
    played = province_files.read_province_json("demo/story.json", key)["ledgers"]
    kept = read_plain("ledgers", key)

    assert len(kept) == ledgers
    assert {spec["key"] for spec in kept} == {*played["past"], *filter(None, [played.get("live")])}


def test_both_are_found():
    assert list_provinces() == list_sound() == ["hebei", "qinghai"]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A copy of Qinghai's that a test may spoil."""
    copy: Path = tmp_path / "provinces" / "qinghai"
    shutil.copytree(SHIPPED / "qinghai", copy)
    monkeypatch.setattr(province_files, "PROVINCES_DIR", copy.parent)
    return copy


def spoil(folder, name, change):
    path = folder / name
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def spoil_table(folder, name, change):
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# What is done to the folder, and the one sentence that must come of it.
MUTATIONS = [
    (
        "pilot-indicator-system.json",
        lambda d: d["indicators"][0].update(may_exceed_hundred=True),
        "pilot-indicator-system.json indicators[0].may_exceed_hundred：“每万名就业人员中研发人员”的单位不是%，"
        "没有能否超过100%的问题。请删去，或改正unit。",
    ),
    (
        "province.json",
        lambda d: d["words"].pop("city"),
        "province.json words：缺少city。请补上。",
    ),
    (
        "province.json",
        lambda d: d.update(classes=["优秀", "良好", "其他"]),
        "province.json classes：各档名称与scheme.json不一致。应依次为优秀、良好、一般。",
    ),
    (
        "province.json",
        lambda d: d["second_names"].update({"玉树": {"bo": "x"}}),
        "province.json second_names.玉树：没有这个名称的区划。请与regions.csv的name一致。",
    ),
    (
        "indicator-system.json",
        lambda d: d["indicators"][4].update(weight="7"),
        "indicator-system.json groups：“科技投入”所属指标分值合计31，与30不符。请改正分值。",
    ),
    (
        "indicator-system.json",
        lambda d: d["indicators"][0].update(group="组织"),
        "indicator-system.json indicators[0].group：没有名为“组织”的一级指标。请与groups一致。",
    ),
    (
        "indicator-system.json",
        lambda d: d["indicators"][0].update(kind="list"),
        "indicator-system.json indicators[0].kind：值“list”不在允许范围内。"
        "可取number、rate、itemised、qualitative。",
    ),
    (
        "indicator-system.json",
        lambda d: d["indicators"][8]["facts"].update(value="contribution"),
        "indicator-system.json indicators[8].facts.value：没有代码为contribution的数据含义。"
        "请在facts.json中定义。",
    ),
    (
        "indicator-system.json",
        lambda d: d["indicators"][5].update(denominator_label=None),
        "indicator-system.json indicators[5]：比率“地方财政科技支出占公共财政支出的比重”没有写明分子和分母。"
        "请填写numerator_label和denominator_label。",
    ),
    (
        "scheme.json",
        lambda d: d["indicators"][4].update(weight="5"),
        "scheme.json indicators：分值合计99，不是100。请改正分值。",
    ),
    (
        "scheme.json",
        lambda d: d["indicators"][9]["rule"]["items"].pop(),
        "scheme.json indicators[9].rule.items：清单项目speciality-park只在一处出现。"
        "须与indicator-system.json的evidence_kinds一致。",
    ),
    (
        "scheme.json",
        lambda d: d["classes"].reverse(),
        "scheme.json classes：分档线不是由高到低，或最低一档不为0。请由高到低排列，最低一档为0。",
    ),
    (
        "checks.json",
        lambda d: d["rules"][0].update(indicators=["99"]),
        "checks.json rules[0].indicators：没有代码为99的指标。请与indicator-system.json一致。",
    ),
    (
        "coverage.json",
        lambda d: d["goals"][0].update(items=["moon-base"]),
        "coverage.json goals[0].items：指标10没有清单项目moon-base。请与evidence_kinds一致。",
    ),
    (
        "list.json",
        lambda d: d.update(register="冀科领"),
        "list.json register：没有代字为“冀科领”的发文登记簿。请与registers.csv的prefix一致。",
    ),
    (
        "list.json",
        lambda d: d["commendation"].update({"class": "A"}),
        "list.json commendation.class：没有名为“A”的一档。可取优秀、良好、一般。",
    ),
    (
        "demo/story.json",
        lambda d: d["shown"].update(county="131081"),
        "demo/story.json shown.county：没有代码为131081的县。请与regions.csv一致。",
    ),
    (
        "demo/story.json",
        lambda d: d["ledgers"]["past"].update({"S1": "2020-11-01"}),
        "demo/story.json ledgers：没有key为S1的台账。请与measures/ledgers.json一致。",
    ),
]


# Names alone: a function's words hold its address, which differs from process to process.
@pytest.mark.parametrize(
    ("name", "change", "sentence"), MUTATIONS, ids=[f"{row[0]}-{row[2][:30]}" for row in MUTATIONS]
)
def test_a_spoilt_document_is_named(folder, name, change, sentence):
    spoil(folder, name, change)

    assert sentence in [str(fault) for fault in list_faults("qinghai")]


def _set(row, column, value):
    def change(rows):
        rows[row][rows[0].index(column)] = value

    return change


TABLES = [
    (
        "regions.csv",
        _set(10, "reviewing_office", "lanzhou"),
        "regions.csv 第11行 reviewing_office：城东区的审核单位“lanzhou”不在offices.csv中。"
        "请填写offices.csv的key。",
    ),
    (
        "regions.csv",
        _set(10, "parent", "620100"),
        "regions.csv 第11行 parent：没有代码为620100的区划。请改为上级区划代码。",
    ),
    (
        "regions.csv",
        _set(10, "valid_from", "2016年7月"),
        "regions.csv 第11行 valid_from：值“2016年7月”格式不符。应符合^[0-9]{4}-[0-9]{2}-[0-9]{2}$。",
    ),
    (
        "regions.csv",
        _set(11, "code", "630102"),
        "regions.csv code：“630102”出现2次。每个只能出现一次。",
    ),
    (
        "offices.csv",
        _set(1, "region", "130000"),
        "offices.csv 第2行 region：没有代码为130000的区划。请改为现存区划代码。",
    ),
    (
        "registers.csv",
        _set(6, "layout", "general"),
        "registers.csv：西宁市科学技术局没有信函格式（letter）的登记簿，不能出具函件。请增加一行。",
    ),
]


@pytest.mark.parametrize(("name", "change", "sentence"), TABLES)
def test_a_spoilt_table_is_named(folder, name, change, sentence):
    spoil_table(folder, name, change)

    assert sentence in [str(fault) for fault in list_faults("qinghai")]


def test_a_missing_file_and_broken_syntax_are_named_together(folder):
    (folder / "scheme.json").unlink()
    (folder / "list.json").write_text("{", encoding="utf-8")

    faults = list_faults("qinghai")

    assert [fault.file for fault in faults] == ["scheme.json", "list.json"]
    assert faults[0].reason == "文件不存在"
    assert faults[1].reason.startswith("不是合法的JSON")


def test_a_faulty_folder_is_refused_before_anything_is_written(folder, db):
    spoil(folder, "scheme.json", lambda d: d["indicators"][4].update(weight="5"))
    spoil(folder, "list.json", lambda d: d.update(register="冀科领"))

    with pytest.raises(Invalid) as refused:
        import_province("qinghai")

    assert refused.value.code == "province_faulty"
    assert "分值合计99，不是100" in str(refused.value)
    assert "没有代字为“冀科领”的发文登记簿" in str(refused.value)
    assert not Region.objects.exists()
    assert not Office.objects.exists()


def test_the_command_says_every_fault_and_fails(folder, capsys):
    call_command("check_province", "qinghai")
    assert capsys.readouterr().out == "provinces/qinghai：符合要求。\n"

    spoil(folder, "list.json", lambda d: d.update(register="冀科领"))
    with pytest.raises(CommandError, match="共有1处不符合要求"):
        call_command("check_province", "qinghai")
    assert "provinces/qinghai/list.json register：没有代字为“冀科领”" in capsys.readouterr().out
