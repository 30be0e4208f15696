"""The shipped scheme and indicator system say what S3 says: both are derived here from its table."""

import json
import re
from itertools import groupby

import pytest

from scoring.engine.codec import scheme_from_bytes
from tests.scoring.engine.builders import ROOT, SCHEME_FILE, SOURCE_FIGURES_FILE

SOURCE = json.loads(
    (ROOT / "provinces/hebei/sources/bazhou_scoring_table.json").read_text(encoding="utf-8")
)
SYSTEM = json.loads((ROOT / "provinces/hebei/indicator-system.json").read_text(encoding="utf-8"))
SCHEME = json.loads(SCHEME_FILE.read_text(encoding="utf-8"))
FIGURES = json.loads(SOURCE_FIGURES_FILE.read_text(encoding="utf-8"))
ROWS = list(zip(SOURCE["indicators"], SYSTEM["indicators"], SCHEME["indicators"], strict=True))
PIECEWISE = [each for each in ROWS if each[0]["method"] == "piecewise"]
ITEMISED = [each for each in ROWS if each[2]["rule"]["kind"] == "itemised"]


def rubric_of(row):
    """The rubric on one line, in full-width brackets, as its clauses are worded."""
    text = re.sub(r"\s", "", row["rubric_text"])
    return text.replace("(", "（").replace(")", "）")


def bands_of(rubric):
    """≧100家（10分）；100-40家（10-8分）；…；10家以下（5-0分）。 -> bands from the lowest up."""
    bands = []
    for clause in re.split("[；。]", rubric)[:-1]:
        limits, points = clause.rstrip("）").split("（")
        numbers, scores = (re.findall(r"[0-9.]+", part) for part in (limits, points))
        if limits.startswith("≧"):
            bands.append((numbers[0], None, scores[0], scores[0]))
        else:
            low = "0" if limits.endswith("以下") else numbers[1]
            bands.append((low, numbers[0], scores[1], scores[0]))
    return bands[::-1]


def item_points_of(rubric):
    """Every kind a rubric names, with its points; None where they are left to judgement."""
    points = {}
    for clause in re.split("[；。]", rubric):
        if levels := re.fullmatch(
            r"国家级(?P<names>.+?)(?:每家|每项)?(?P<nation>[0-9.]+)分"
            r"，(?P<level>省级|省部级)(?P=names)?(?:每家|每项)?(?P<province>[0-9.]+)分"
            r"(?:，市级每项(?P<city>[0-9.]+)分)?",
            clause,
        ):
            # one clause names 技术创新中心（…） and 工程研究中心（…） together
            for name in re.findall(r"[^（）]+(?:（[^（）]+）)?", levels["names"]):
                points[f"国家级{name}"] = levels["nation"]
                points[f"{levels['level']}{name}"] = levels["province"]
                if levels["city"]:
                    points[f"市级{name}"] = levels["city"]
        elif single := re.fullmatch(r"(.+?)(?:每家([0-9.]+)分|（([0-9.]+)分）)", clause):
            points[single[1]] = single[2] or single[3]
        elif judged := re.fullmatch(r"(.+)酌情得分", clause):
            points[judged[1]] = None
    return points


def test_the_table_has_17_rows_of_three_kinds():
    kinds = [indicator["rule"]["kind"] for indicator in SCHEME["indicators"]]

    assert {kind: kinds.count(kind) for kind in kinds} == {
        "piecewise": 11,
        "itemised": 5,
        "panel": 1,
    }


def test_codes_number_the_rows():
    numbers = [f"{number:02d}" for number in range(1, 18)]

    assert [each["code"] for each in SCHEME["indicators"]] == numbers
    assert [each["code"] for each in SYSTEM["indicators"]] == numbers


@pytest.mark.parametrize(("row", "system", "indicator"), ROWS)
def test_group_name_weight_and_rubric_are_the_sources(row, system, indicator):
    for each in (system, indicator):
        assert row["name"] in (each["name"], f"{each['name']}（{each['unit']}）")
        assert (each["group"], each["weight"]) == (row["level1"], row["weight"])
    assert system["rubric_text"] == row["rubric_text"]
    assert (system["name"], system["unit"]) == (indicator["name"], indicator["unit"])


def test_groups_weigh_what_their_rows_weigh_and_a_hundred_together():
    weights = {
        group: str(sum(int(row["weight"]) for row in rows))
        for group, rows in groupby(SOURCE["indicators"], key=lambda row: row["level1"])
    }

    assert {group["name"]: group["weight"] for group in SYSTEM["groups"]} == weights
    assert list(weights.values()) == ["20", "25", "25", "15", "15"]


@pytest.mark.parametrize(("row", "system", "indicator"), PIECEWISE)
def test_bands_are_those_of_the_table_and_of_its_wording(row, system, indicator):
    bands = [
        (band["from"], band["to"], band["points_from"], band["points_to"])
        for band in indicator["rule"]["bands"]
    ]

    assert bands == [(band["lo"], band["hi"], band["s_lo"], band["s_hi"]) for band in row["bands"]]
    assert bands == bands_of(re.sub(r"10%-0（", "10%以下（", rubric_of(row)))


@pytest.mark.parametrize(("row", "system", "indicator"), PIECEWISE)
def test_piecewise_rows_begin_with_nothing_at_nothing_and_end_at_the_weight(row, system, indicator):
    bands = indicator["rule"]["bands"]

    assert (bands[0]["from"], bands[0]["points_from"]) == ("0", "0")
    assert (bands[-1]["to"], bands[-1]["points_to"]) == (None, row["weight"])
    assert len(bands) == 4


@pytest.mark.parametrize(("row", "system", "indicator"), ITEMISED)
def test_item_points_are_those_of_the_wording(row, system, indicator):
    worded = item_points_of(rubric_of(row))
    shipped = {kind["name"]: kind["points"] for kind in indicator["rule"]["items"]}

    # 合署办公的 is worded without a noun, which the shipped name supplies
    renamed = {"合署办公的": "合署办公的科技管理部门"}
    assert shipped == {renamed.get(name, name): points for name, points in worded.items()}


@pytest.mark.parametrize(("row", "system", "indicator"), ITEMISED)
def test_cap_is_the_worded_one_or_the_weight(row, system, indicator):
    worded = re.search(r"最[高多]不超过([0-9]+)分", rubric_of(row))

    assert indicator["rule"]["cap"] == (worded[1] if worded else row["weight"])
    assert indicator["rule"]["cap"] == row["weight"]


def test_only_forms_of_one_office_exclude_each_other():
    """S3 gives the forms of a bureau and the county's own title without 每家: each counts once."""
    exclusive = {
        indicator["code"]: indicator["rule"]["exclusive"]
        for indicator in SCHEME["indicators"]
        if indicator["rule"].get("exclusive")
    }

    assert exclusive == {
        "09": [["innovative-county-national", "innovative-county-provincial"]],
        "15": [["bureau-independent", "bureau-co-located", "bureau-plate"], ["leading-group"]],
    }


@pytest.mark.parametrize(("row", "system", "indicator"), ROWS)
def test_evidence_kinds_are_the_schemes_items(row, system, indicator):
    offered = [(kind["code"], kind["name"]) for kind in system["evidence_kinds"]]

    assert offered == [(kind["code"], kind["name"]) for kind in indicator["rule"].get("items", [])]
    levels = {"国家级": "国家", "省级": "省", "省部级": "省", "市级": "市"}
    for kind in system["evidence_kinds"]:
        named = re.match("国家级|省部级|省级|市级", kind["name"])
        if named:
            assert kind["level"] == levels[named[0]]


@pytest.mark.parametrize(("row", "system", "indicator"), ROWS)
def test_filling_kind_fits_the_rule(row, system, indicator):
    kinds = {
        "piecewise": {"number", "rate"},
        "itemised": {"itemised"},
        "panel": {"qualitative"},
    }
    rate = ("numerator_label", "numerator_unit", "denominator_label", "denominator_unit", "factor")

    assert system["kind"] in kinds[indicator["rule"]["kind"]]
    assert [system[key] is not None for key in rate] == [system["kind"] == "rate"] * 5
    assert system["lower_is_better"] is False


@pytest.mark.parametrize(("row", "system", "indicator"), ROWS)
def test_units_responsible_or_providing_are_the_sources(row, system, indicator):
    # 霸州市 says 市统计局 and 市科工局; other counties have a 统计局 and a 科技局
    generic = {dept: dept.removeprefix("市") for dept in row["dept"]} | {"市科工局": "科技局"}
    named = {generic[dept] for dept in row["dept"]}

    shipped = {*system["responsible_units"], *system["data_providers"]}
    # the leading group answers for three rows; its office, the 科技局, supplies their data
    assert shipped - {"科技局"} == named - {"科技局"}


def test_class_limits_are_configuration_of_the_scheme():
    assert SCHEME["classes"] == [
        {"name": "A", "at_least": "80"},
        {"name": "B", "at_least": "60"},
        {"name": "C", "at_least": "0"},
    ]
    assert scheme_from_bytes(SCHEME_FILE.read_bytes()).classes[0].name == "A"


def test_source_figures_are_printed_as_in_the_table():
    printed = [
        (cell["value_text"], cell["printed_score"])
        for column in ("2018", "2019", "2020目标")
        for cell in (row["cells"][column] for row in SOURCE["indicators"])
    ]

    assert printed == [
        (cell["printed_text"], cell["printed_score"])
        for year in FIGURES["years"]
        for cell in year["figures"]
    ]
    assert [year["printed_total"] for year in FIGURES["years"]] == SOURCE["totals"]


def test_source_values_stand_in_the_printed_text():
    for year in FIGURES["years"]:
        for cell in year["figures"]:
            assert (cell["value"] or "") in cell["printed_text"]
            if cell["value"] is None and not cell["absence"]:
                assert cell["items"] or cell["panel"] or cell["printed_text"] == "0家"


def test_every_reconstructed_item_says_so_and_why():
    items = [
        item for year in FIGURES["years"] for cell in year["figures"] for item in cell["items"]
    ]

    assert len(items) > 40
    assert all(item["reconstructed"] is True and item["reason"] for item in items)


def test_printed_counts_of_items_are_kept():
    for year in FIGURES["years"]:
        for cell in year["figures"]:
            count = re.fullmatch("([0-9]+)家", cell["printed_text"])
            if count and cell["value"] is None:
                assert len(cell["items"]) == int(count[1])
