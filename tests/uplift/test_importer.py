"""The data file of S1 against the text of the document, and what a file must not say."""

import json
import re
from decimal import Decimal

import pytest

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from tests.uplift.plans import (
    S1_COUNTIES,
    city_crew,
    fill_register,
    s1_document,
    s1_draft,
    s1_source,
    s1_text,
)  # fmt: skip
from uplift.actions.importing import SCHEMA, plan_text, read_plan_file
from uplift.rules.text import document_of, text_of
from uplift.selectors.texts import read_faults, read_questions, read_text

DOCUMENT, SOURCE = s1_document(), s1_source()


def squeezed(text):
    return re.sub(r"\s", "", text)


def passages():
    yield DOCUMENT["title"]
    yield DOCUMENT["document_number"]
    yield DOCUMENT["sentence"]
    yield DOCUMENT["fund_sentence"]
    for part in ("targets", "growth", "stages", "goals"):
        yield from (each["sentence"] for each in DOCUMENT[part])
    yield from (each["uses"] for each in DOCUMENT["fund"])


@pytest.mark.parametrize("passage", list(passages()))
def test_every_sentence_is_the_source_s(passage):
    assert len(passage) > 10
    assert squeezed(passage) in SOURCE


@pytest.mark.parametrize("line", DOCUMENT["targets"], ids=lambda line: line["name"])
def test_every_target_stands_in_its_sentence_with_name_class_and_number(line):
    sentence = line["sentence"]
    assert line["name"].removesuffix("数量")[:8] in sentence
    for name, number in line["targets"].items():
        unit = {"%": "%", "万元": "万元", "项": "项", "件": "件", "家": "家"}[line["unit"]]
        # Of two indicators in a sentence the second's number stands behind a 、.
        pattern = rf"{name}类县[^，。：]*?(?<![\d.]){re.escape(number)}(?:\.0)?{unit}"
        assert re.search(pattern, sentence), (line["name"], name)
    assert f"{line['data_year']}年度" in sentence


@pytest.mark.parametrize("stage", DOCUMENT["stages"], ids=lambda stage: stage["name"])
def test_every_stage_is_the_source_s(stage):
    sentence = stage["sentence"]
    assert squeezed(f"{stage['name']}。{sentence}") in SOURCE
    for county, _, _ in stage["moves"]:
        assert county in sentence
    assert str(stage["data_year"]) in sentence
    for name, count in stage["counts"].items():
        if count:
            assert re.search(rf"{name}类县(?:达到|缩减到)?{count}个", sentence)


def test_growth_and_fund_are_the_source_s():
    assert [each["percent"] in each["sentence"] for each in DOCUMENT["growth"]] == [True, True]
    assert "年均增速" in DOCUMENT["growth"][0]["sentence"]
    assert [each["year"] for each in DOCUMENT["fund"]] == [2022, 2023, 2024, 2025]
    assert {Decimal(each["amount"]) for each in DOCUMENT["fund"]} == {Decimal(1500) * 10_000}


def test_variants_of_names_are_found():
    assert "井陘县" in {move[0] for move in DOCUMENT["stages"][0]["moves"]}
    assert "130121" in {move.county for move in s1_text().stages[0].moves}


@pytest.mark.parametrize("name", ["霸州市", "桥东区", ""])
def test_a_county_of_another_city_is_refused(name):
    document = json.loads(json.dumps(DOCUMENT))
    document["stages"][0]["moves"][0][0] = name
    with pytest.raises(ValueError, match="is not one county"):
        plan_text(document, S1_COUNTIES)


def test_a_name_two_counties_bear_is_refused():
    with pytest.raises(ValueError, match="桥西区 is not one county"):
        plan_text(DOCUMENT, {**S1_COUNTIES, "130703": "桥西区"})


@pytest.mark.parametrize(
    "change",
    [
        {"base_year": "2020"}, {"targets": []}, {"unknown": 1}, {"format": "county-portal/uplift-plan/2"},
        {"fund": [{"year": 2022, "amount": "-1"}]}, {"growth": [{"meaning": "x", "percent": "3", "mode": "often"}]},
    ],
)  # fmt: skip
def test_a_file_unlike_the_schema_is_refused(change, tmp_path, monkeypatch):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**DOCUMENT, **change}), encoding="utf-8")
    monkeypatch.setattr("uplift.actions.importing.province_file", lambda *_: path)
    with pytest.raises(ValueError, match="plan: "):
        read_plan_file("plan")


def test_the_schema_is_one():
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_there_and_back():
    text = s1_text()
    assert text_of(json.loads(json.dumps(document_of(text)))) == text
    assert len(text.digest) == 64


@pytest.mark.django_db
def test_drawn_up_it_reads_as_the_file(province, version, scheme):
    fill_register(province)
    drafter, _ = city_crew(province)
    draft = s1_draft(drafter, version)
    kept = read_text(draft)

    assert kept == s1_text()
    assert kept.digest == s1_text().digest
    assert read_faults(draft, kept) == []
    assert len(read_questions(draft, kept)) == 4
    assert plain(kept.fund_total) == "60000000"


@pytest.mark.django_db
def test_an_office_with_other_counties_cannot_have_it(province, version, scheme, people):
    """廊坊 reviews 霸州 alone."""
    with pytest.raises(ValueError, match="is not one county"):
        s1_draft(people.reviewer, version)


@pytest.mark.django_db
def test_without_a_scheme_nobody_knows_the_classes(province, version):
    fill_register(province)
    drafter, _ = city_crew(province)
    with pytest.raises(Invalid) as refused:
        s1_draft(drafter, version)
    assert refused.value.code == "no_classes"
