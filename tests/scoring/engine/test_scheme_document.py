import json
from decimal import Decimal

import pytest

from scoring.engine.codec import (
    scheme_bytes,
    scheme_document,
    scheme_from_bytes,
    scheme_from_document,
    scheme_sha256,
    sha256,
)
from scoring.engine.errors import DocumentError
from scoring.engine.types import (
    AbsencePolicy,
    AbsenceTreatment,
    ItemKind,
    PanelMethod,
    PanelRule,
)
from tests.scoring.engine.builders import SCHEME_FILE, hebei_scheme


def document():
    return json.loads(SCHEME_FILE.read_text(encoding="utf-8"))


def refused(changed):
    with pytest.raises(DocumentError) as refusal:
        scheme_from_document(changed)
    return refusal.value


def test_shipped_scheme_reads_and_writes_back_unchanged():
    assert scheme_document(scheme_from_document(document())) == document()


def test_scheme_keeps_what_the_document_says():
    scheme = hebei_scheme()

    assert (scheme.places, len(scheme.indicators)) == (2, 17)
    assert [(each.name, each.at_least) for each in scheme.classes] == [
        ("A", Decimal(80)),
        ("B", Decimal(60)),
        ("C", Decimal(0)),
    ]
    assert scheme.absence == AbsencePolicy(
        AbsenceTreatment.CARRY_FORWARD, AbsenceTreatment.ZERO, AbsenceTreatment.ZERO
    )
    assert scheme.indicators[16].rule == PanelRule(PanelMethod.MEAN, Decimal(5))
    assert scheme.indicators[15].rule.kinds[-1] == ItemKind(
        "award-other", "其他部门行业奖励和表彰", None, Decimal(5)
    )


def test_canonical_bytes_do_not_depend_on_layout_key_order_or_trailing_zeros():
    changed = dict(reversed(document().items()))
    changed["classes"][0]["at_least"] = "80.00"

    content = json.dumps(changed, indent=4, ensure_ascii=True)

    assert scheme_bytes(scheme_from_bytes(content)) == scheme_bytes(hebei_scheme())


def test_shipped_scheme_keeps_its_digest_for_good():
    assert scheme_sha256(hebei_scheme()) == (
        "0043889af5ce1c01a43f696d774ba69a648f8453a0ef10d2b54e6ca8a6a0bd21"
    )


def test_digest_is_that_of_the_canonical_bytes():
    assert scheme_sha256(hebei_scheme()) == sha256(scheme_bytes(hebei_scheme()))


def test_any_change_of_content_changes_the_digest():
    changed = document()
    changed["classes"][0]["at_least"] = "80.01"

    assert scheme_sha256(scheme_from_document(changed)) != scheme_sha256(hebei_scheme())


def test_absence_left_out_is_zero():
    changed = document()
    changed["absence"] = {}

    assert scheme_from_document(changed).absence == AbsencePolicy()


def test_indicator_overrides_the_schemes_absence_in_part():
    changed = document()
    changed["indicators"][0]["absence"] = {"not-applicable": "carry-forward"}

    scheme = scheme_from_document(changed)

    carry, zero = AbsenceTreatment.CARRY_FORWARD, AbsenceTreatment.ZERO
    assert scheme.indicators[0].absence == AbsencePolicy(carry, carry, zero)
    assert scheme.indicators[1].absence == scheme.absence
    assert scheme_from_document(scheme_document(scheme)) == scheme


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("format", "county-portal/scheme/2", "“format”只支持“county-portal/scheme/1”。"),
        ("total", "mean", "“total”应当是以下之一：sum-of-rounded、rounded-sum。"),
        ("ties", "dense", "“ties”只支持“shared-rank”。"),
        ("rounding.mode", "ROUND_UP", "“rounding.mode”应当是以下之一：ROUND_HALF_UP、"),
        ("rounding.places", 7, "“rounding.places”应当是0至6的整数。"),
        ("title", " ", "“title”应当是文字。"),
        ("absence.missing", "guess", "“absence.missing”应当是以下之一：zero、carry-forward。"),
        ("classes.0.at_least", 80, "“classes[0].at_least”应当是写在引号里的数字"),
        ("indicators.3.weight", "十", "“indicators[3].weight”应当是写在引号里的数字"),
        (
            "indicators.3.rule.kind",
            "magic",
            "“indicators[3].rule.kind”应当是以下之一：piecewise、completion、",
        ),
        (
            "indicators.3.rule.cap",
            "8",
            "“indicators[3].rule”中有不认识的字段“cap”。",
        ),
        (
            "indicators.3.rule.bands.1.to",
            "4o",
            "“indicators[3].rule.bands[1].to”应当是写在引号里的数字",
        ),
        (
            "indicators.14.rule.exclusive",
            ["bureau-plate"],
            "“indicators[14].rule.exclusive”应当是由文字列表组成的列表。",
        ),
        (
            "indicators.14.rule.exclusive",
            [[1]],
            "“indicators[14].rule.exclusive”应当是由文字列表组成的列表。",
        ),
        (
            "indicators.16.rule.method",
            "median",
            "“indicators[16].rule.method”应当是以下之一：mean、trimmed-mean、agreed。",
        ),
        ("indicators", {}, "“indicators”应当是一个列表。"),
        ("rounding", None, "“rounding”应当是一个对象。"),
    ],
)
def test_faults_are_refused_with_path_and_sentence(path, value, sentence):
    changed = document()
    *way, last = path.split(".")
    place = changed
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value

    assert refused(changed).sentence.startswith(sentence)


def test_unknown_and_missing_fields_are_named():
    extra, fewer = document() | {"tie": "shared-rank"}, document()
    del fewer["indicators"][2]["rule"]["bands"][0]["from"]

    assert refused(extra).sentence == "“文档”中有不认识的字段“tie”。"
    assert refused(fewer).sentence == "“indicators[2].rule.bands[0]”缺少字段“from”。"
    assert refused(fewer).path == "indicators[2].rule.bands[0]"


def test_something_other_than_an_object_is_refused():
    assert refused([]).sentence == "“文档”应当是一个对象。"
