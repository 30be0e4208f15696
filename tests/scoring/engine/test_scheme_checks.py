import json

import pytest

from scoring.engine.codec import scheme_from_document
from scoring.engine.errors import DocumentError
from tests.scoring.engine.builders import SCHEME_FILE

NAME = "指标“高新技术企业数量”（04）"
PLATFORMS = "指标“省级以上科技创新平台建设情况”（08）"


def document():
    return json.loads(SCHEME_FILE.read_text(encoding="utf-8"))


def refused(changed):
    with pytest.raises(DocumentError) as refusal:
        scheme_from_document(changed)
    return refusal.value.code, refusal.value.path, refusal.value.sentence


def bands(changed):
    return changed["indicators"][3]["rule"]["bands"]


def band(start, end, low, high):
    return {"from": start, "to": end, "points_from": low, "points_to": high}


@pytest.mark.parametrize(
    ("new", "code", "reason"),
    [
        ([], "bands-not-complete", "的区间必须从0开始、以不封顶结束。"),
        (
            [band("1", "10", "0", "5"), band("10", None, "5", "5")],
            "bands-not-complete",
            "的区间必须从0开始、以不封顶结束。",
        ),
        (
            [band("0", "10", "0", "5")],
            "bands-not-complete",
            "的区间必须从0开始、以不封顶结束。",
        ),
        (
            [band("0", "0", "0", "5"), band("0", None, "5", "5")],
            "band-empty",
            "的区间0至0是空的。",
        ),
        (
            [band("0", "10", "0", "5"), band("10", None, "5", "8")],
            "band-not-flat",
            "的不封顶区间必须是固定分值。",
        ),
        (
            [band("0", "10", "0", "11"), band("10", None, "11", "11")],
            "points-out-of-range",
            "的分值必须在0与权重10之间。",
        ),
        (
            [band("0", "10", "-1", "5"), band("10", None, "5", "5")],
            "points-out-of-range",
            "的分值必须在0与权重10之间。",
        ),
        (
            [band("0", "10", "0", "5"), band("12", None, "5", "5")],
            "bands-not-adjacent",
            "的区间在12处没有首尾相接。",
        ),
        (
            [band("0", None, "5", "5"), band("12", None, "5", "5")],
            "bands-not-adjacent",
            "的区间在12处没有首尾相接。",
        ),
        (
            [band("0", "10", "0", "5"), band("10", None, "6", "6")],
            "bands-not-continuous",
            "的分值在10处不连续（5与6）。",
        ),
        (
            [
                band("0", "10", "0", "5"),
                band("10", "20", "5", "4"),
                band("20", None, "4", "4"),
            ],
            "bands-not-monotone",
            "的分值时升时降，应当只升或只降。",
        ),
    ],
)
def test_unsound_bands_are_refused(new, code, reason):
    changed = document()
    bands(changed)[:] = new

    assert refused(changed) == (code, "indicators[3].rule.bands", NAME + reason)


@pytest.mark.parametrize(
    ("classes", "code", "sentence"),
    [
        ([], "no-classes", "评分方案至少要有一个档次。"),
        (
            [("A", "60"), ("B", "80"), ("C", "0")],
            "classes-not-descending",
            "档次应当从高到低排列，“A”的下限必须高于“B”的下限。",
        ),
        (
            [("A", "60"), ("B", "60"), ("C", "0")],
            "classes-not-descending",
            "档次应当从高到低排列，“A”的下限必须高于“B”的下限。",
        ),
        ([("A", "80"), ("B", "10")], "classes-not-complete", "最低一档的下限必须是0。"),
        ([("A", "80"), ("A", "0")], "code-repeated", "档次“A”重复。"),
        (
            [("A", "100.01"), ("B", "0")],
            "class-out-of-reach",
            "“A”的下限100.01高于满分100。",
        ),
    ],
)
def test_unsound_classes_are_refused(classes, code, sentence):
    changed = document()
    changed["classes"] = [{"name": name, "at_least": limit} for name, limit in classes]

    assert refused(changed) == (code, "classes", sentence)


@pytest.mark.parametrize(
    ("items", "exclusive", "code", "place", "sentence"),
    [
        ([], [], "no-items", "items", f"{PLATFORMS}至少要有一个计分类别。"),
        (
            [("a", "1", None), ("a", "2", None)],
            [],
            "code-repeated",
            "items",
            f"{PLATFORMS}的类别代码“a”重复。",
        ),
        (
            [("a", None, None)],
            [],
            "item-points-missing",
            "items",
            f"{PLATFORMS}的类别“类别a”要有大于0的分值或酌情上限。",
        ),
        (
            [("a", "0", None)],
            [],
            "item-points-missing",
            "items",
            f"{PLATFORMS}的类别“类别a”要有大于0的分值或酌情上限。",
        ),
        (
            [("a", "1", "2")],
            [],
            "item-points-twice",
            "items",
            f"{PLATFORMS}的类别“类别a”不能既有固定分值又有酌情上限。",
        ),
        (
            [("a", "1", None)],
            [["a", "b"]],
            "exclusive-unknown",
            "exclusive",
            f"{PLATFORMS}的互斥类别“b”不是固定分值的类别。",
        ),
        (
            [("a", None, "2")],
            [["a"]],
            "exclusive-unknown",
            "exclusive",
            f"{PLATFORMS}的互斥类别“a”不是固定分值的类别。",
        ),
        (
            [("a", "1", None)],
            [["a"], ["a"]],
            "code-repeated",
            "exclusive",
            f"{PLATFORMS}的互斥类别“a”重复。",
        ),
    ],
)
def test_unsound_items_are_refused(items, exclusive, code, place, sentence):
    changed = document()
    rule = changed["indicators"][7]["rule"]
    rule["items"] = [
        {"code": each, "name": f"类别{each}", "points": points}
        | ({} if at_most is None else {"at_most": at_most})
        for each, points, at_most in items
    ]
    rule["exclusive"] = exclusive

    assert refused(changed) == (code, f"indicators[7].rule.{place}", sentence)


@pytest.mark.parametrize("cap", ["0", "8.01"])
def test_cap_beyond_the_weight_or_nothing_is_refused(cap):
    changed = document()
    changed["indicators"][7]["rule"]["cap"] = cap

    assert refused(changed) == (
        "cap-out-of-range",
        "indicators[7].rule.cap",
        f"{PLATFORMS}的得分上限必须大于0且不超过权重。",
    )


@pytest.mark.parametrize("maximum", ["0", "5.5"])
def test_panel_maximum_beyond_the_weight_or_nothing_is_refused(maximum):
    changed = document()
    changed["indicators"][16]["rule"]["max"] = maximum

    assert refused(changed) == (
        "maximum-out-of-range",
        "indicators[16].rule.max",
        "指标“科技管理创新情况”（17）的评审满分必须大于0且不超过权重。",
    )


def test_weight_of_nothing_is_refused():
    changed = document()
    changed["indicators"][3]["weight"] = "0"

    assert refused(changed) == (
        "weight-not-positive",
        "indicators[3]",
        f"{NAME}的权重必须大于0。",
    )


def test_scheme_without_indicators_is_refused():
    assert refused(document() | {"indicators": []}) == (
        "no-indicators",
        "indicators",
        "评分方案至少要有一个指标。",
    )


def test_indicator_code_used_twice_is_refused():
    changed = document()
    changed["indicators"][3]["code"] = "01"

    assert refused(changed) == ("code-repeated", "indicators", "指标代码“01”重复。")
