"""The report card: figures as the run has them, told the same way every time."""

import io
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pytest

from county_portal.documents import pdf
from county_portal.documents.content import sha256_of
from county_portal.documents.digest import content_digest
from reports import card as card_module
from reports.card import (
    card_content,
    card_digest,
    grouped_lines,
    render_report_card,
    report_card_html,
    said_digest,
)
from reports.card_charts import gauge, trend
from reports.card_facts import ClassLimit, Marks, Movement
from reports.card_words import class_gap, rank_change, year_on_year
from reports.comparison_chart import MarkedScore, marked_bars
from tests.documents.card_samples import many_cards, report_card
from tests.documents.reading import needs_pango, pages, text

LIMITS = (ClassLimit("A", Decimal(80)), ClassLimit("B", Decimal(60)), ClassLimit("C", None))
NO_MARKS = Marks(None, None, None)
LONG_NAMES = (
    "围场满族蒙古族自治县",
    "大厂回族自治县",
    "河南蒙古族自治县",
    "双江拉祜族佤族布朗族傣族自治县",
    "井陘县",
)


@pytest.mark.parametrize(
    "total, words",
    [
        ("61.33", "距A类（80分）还差18.67分"),
        ("59.99", "距B类（60分）还差0.01分"),
        ("60.00", "距A类（80分）还差20.00分"),
        ("80.00", "已进入A类，高出下限（80分）0.00分"),
        ("86.31", "已进入A类，高出下限（80分）6.31分"),
        ("0", "距B类（60分）还差60.00分"),
    ],
)
def test_gap_is_to_the_next_better_class(total, words):
    assert class_gap(Decimal(total), LIMITS) == words


def test_a_scheme_without_limits_has_no_gap():
    assert class_gap(Decimal(50), (ClassLimit("合格", None),)) == ""


@pytest.mark.parametrize(
    "rank, previous, words",
    [
        (52, 74, "较上年度上升22位"),
        (74, 52, "较上年度下降22位"),
        (5, 5, "与上年度持平"),
        (5, None, "上年度未参评"),
    ],
)
def test_rank_change(rank, previous, words):
    assert rank_change(rank, previous) == words


@pytest.mark.parametrize(
    "value, previous, is_percentage, words",
    [
        ("2557", "2489", False, "+2.7%"),
        ("0.41", "0.35", True, "+0.06个百分点"),
        ("0.32", "0.56", True, "−0.24个百分点"),
        ("56.24", "61.92", False, "−9.2%"),
        ("3", "3.0", False, "持平"),
        ("3", "0", False, "—"),
        ("-4", "-8", False, "+50.0%"),
        ("0.125", "0.12", True, "+0.01个百分点"),
    ],
)
def test_year_on_year(value, previous, is_percentage, words):
    assert year_on_year(Decimal(value), Decimal(previous), is_percentage=is_percentage) == words


def test_missing_has_no_growth():
    assert year_on_year(None, Decimal(1), is_percentage=False) == "—"
    assert year_on_year(Decimal(1), None, is_percentage=True) == "—"


def test_groups_add_up_to_the_total():
    card = report_card()
    groups = tuple(grouped_lines(card))
    assert [(group.name, str(group.score)) for group in groups] == [
        ("创新投入", "9.22"), ("创新主体", "20.78"), ("创新条件", "12.15"), ("创新产出", "9.68"), ("创新管理", "9.50"),
    ]  # fmt: skip
    assert sum(group.score for group in groups) == card.result.total == Decimal("61.33")
    assert sum(group.weight for group in groups) == card.result.full_marks


def variations(value: Any) -> list[Any]:
    """Values that differ from `value` in exactly one place, one for every place there is."""
    if is_dataclass(value) and not isinstance(value, type):
        return [
            replace(value, **{field.name: changed})
            for field in fields(value)
            for changed in variations(getattr(value, field.name))
        ]
    if isinstance(value, tuple):
        return [
            (*value[:place], changed, *value[place + 1 :])
            for place, each in enumerate(value)
            for changed in variations(each)
        ]
    return [another(value)]


def another(value: Any) -> Any:
    """Some other value of the same kind."""
    if isinstance(value, Movement):
        return next(other for other in Movement if other is not value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return f"{value}！"
    return 1 if value is None else value + 1


def test_digest_changes_with_every_single_fact():
    card = report_card()
    digests = [content_digest(changed) for changed in variations(card)]
    assert len(digests) > 200
    assert content_digest(card) not in digests
    assert len(set(digests)) == len(digests)


def test_digest_is_stable_and_knows_trailing_zeros():
    assert card_digest(report_card()) == card_digest(report_card())
    card = report_card()
    result = replace(card.result, total=Decimal("61.330"))
    assert content_digest(replace(card, result=result)) != content_digest(card)


def test_the_code_is_not_part_of_what_is_said():
    card = report_card()
    assert card_digest(replace(card, verification=None)) == card_digest(card)
    assert sha256_of(card_content(card)) == said_digest(card)
    assert "5TQ8" not in card_content(card)


def test_digest_changes_with_the_layout(monkeypatch):
    before = card_digest(report_card())
    monkeypatch.setattr(card_module, "layout_version", lambda templates, styles: "another")
    assert card_digest(report_card()) != before


def test_no_two_counties_share_a_digest():
    cards = many_cards(167)
    assert len({card_digest(card) for card in cards}) == 167


def test_hostile_text_is_escaped_everywhere():
    hostile = "<script>alert('x')</script><img src=x onerror=1>\"&"
    card = report_card()
    line = replace(card.lines[0], name=hostile, unit=hostile, value_text=hostile, flags=(hostile,),
                   derivation=replace(card.lines[0].derivation, arithmetic=hostile, source=hostile))  # fmt: skip
    changed = replace(
        card,
        county=replace(card.county, name=hostile, reviewing_office=hostile),
        lines=(line, *card.lines[1:]),
        groups=(replace(card.groups[0], name=hostile), *card.groups[1:]),
        class_limits=(replace(card.class_limits[0], name=hostile), *card.class_limits[1:]),
        evidence=(replace(card.evidence[0], name=hostile, remark=hostile),),
        flags=(replace(card.flags[0], sentence=hostile),),
        rule_notes=(hostile,),
    )
    html = report_card_html(changed)
    assert html.count("&lt;script&gt;") >= 14
    assert "<script" not in html
    assert "<img" not in html


def test_gauge_marks_the_total_in_its_class():
    drawn = gauge(
        Decimal("61.33"), Decimal(100), tuple((limit.name, limit.lower) for limit in LIMITS)
    )
    assert [zone.label for zone in drawn.zones] == ["C类", "B类", "A类"]
    assert sum(zone.width for zone in drawn.zones) == drawn.width
    b = drawn.zones[1]
    assert b.x < drawn.at < b.x + b.width
    assert [tick.label for tick in drawn.ticks] == ["80", "60"]


@pytest.mark.parametrize("total", ["-3", "0", "100", "103"])
def test_gauge_never_leaves_its_scale(total):
    drawn = gauge(Decimal(total), Decimal(100), (("A", Decimal(80)), ("C", None)))
    assert 0 <= drawn.at <= drawn.width
    assert 90 <= drawn.label_at <= drawn.width - 90


def test_a_year_without_result_has_no_bar_and_breaks_the_lines():
    drawn = trend(
        (
            (2017, Decimal("50.00"), "C", 90),
            (2018, None, "", None),
            (2019, Decimal("61.33"), "B", 52),
        ),
        Decimal(100),
        (("A", Decimal(80)), ("B", Decimal(60)), ("C", None)),
    )
    first, missing, last = drawn.points
    assert (missing.height, missing.total) == (0, "未参评")
    assert (last.total, last.label_inside) == ("61.33", True)
    assert first.y > drawn.limits[1].at > last.y > drawn.limits[0].at
    assert [dot.y is None for dot in drawn.ranks] == [False, True, False]
    assert (drawn.rank_path.count("M"), drawn.class_path.count("L")) == (2, 0)
    assert drawn.ranks[0].y > drawn.ranks[2].y  # the better rank stands higher
    assert drawn.class_dots[0].y > drawn.class_dots[2].y


def test_marked_bars_are_shares_of_their_weights():
    halfway = MarkedScore("创新投入", Decimal(10), Decimal(20), Decimal(15), Decimal(5), None)
    empty = MarkedScore("空", Decimal(0), Decimal(0), None, None, None)
    drawn = marked_bars((halfway, empty))
    first, second = drawn.texts
    assert drawn.track == 1080
    assert "h540.0v" in drawn.bars
    assert drawn.medians.startswith("M810.0 ")
    assert drawn.cities.startswith("M270.0 ")
    assert drawn.means == ""
    assert (first.score, first.share, second.share) == ("10.00 / 20", "50%", "0%")


@needs_pango
def test_pdf_tells_everything_on_six_or_seven_small_pages():
    card = report_card()
    rendered = render_report_card(card)
    assert rendered.page_count in {6, 7}
    assert len(rendered.content) <= 150 * 1024
    said = text(rendered.content)
    for line in card.lines:
        assert line.name in said
        assert line.derivation.arithmetic.replace(" ", "") in said
        assert f"{line.score:.2f}" in said
    for item in card.evidence:
        assert item.name in said
        assert item.approval_number in said
    for flag in card.flags:
        assert flag.sentence in said
    for words in ("距A类（80分）还差18.67分", "▲跃升（上年度C类）", "第52位", "较上年度上升22位",
                  "审核单位廊坊市科学技术局", "廊坊市内位次第3位，共10个",
                  said_digest(card), "5TQ8-K2MX-9A0C"):  # fmt: skip
        assert words in said


@needs_pango
def test_every_page_names_run_engine_digest_and_its_number():
    card = report_card()
    made = pages(render_report_card(card).content)
    for number, page in enumerate(made, start=1):
        foot = "".join(glyph.char for glyph in page.rows()[-1])
        assert f"评价运行PJ-2020-003计分程序1.0.0摘要{said_digest(card)[:16]}" in foot
        assert f"第{number}页，共{len(made)}页" in foot


@needs_pango
@pytest.mark.parametrize("name", LONG_NAMES)
def test_long_names_stay_on_the_page(name):
    card = report_card(name)
    made = pages(render_report_card(card).content)
    assert name in "".join(glyph.char for glyph in made[0].glyphs)
    for page in made:
        assert min(glyph.left for glyph in page.glyphs) >= 17.5
        assert max(glyph.right for glyph in page.glyphs) <= 192.5


@needs_pango
def test_words_without_a_break_stay_on_the_page():
    card = report_card()
    endless = "ABCDEFGHIJ" * 12
    line = replace(card.lines[3], name=endless, value_text=endless[:40])
    changed = replace(
        card,
        county=replace(card.county, name=endless, reviewing_office=endless),
        lines=(*card.lines[:3], line, *card.lines[4:]),
        evidence=(replace(card.evidence[0], name=endless, approval_number=endless),),
    )
    for page in pages(render_report_card(changed).content):
        assert max(glyph.right for glyph in page.glyphs) <= 192.5


@needs_pango
def test_a_bare_card_is_still_a_card():
    card = report_card()
    bare = replace(
        card,
        published_on=None,
        result=replace(card.result, rank_in_class=None, class_size=None, movement=Movement.FIRST,
                       previous_total=None, previous_class="", previous_rank=None, best_rank=None,
                       best_rank_year=None, province_mean=None, class_median=None,
                       city=replace(card.result.city, median=None)),
        history=card.history[-1:],
        groups=tuple(replace(group, marks=NO_MARKS) for group in card.groups),
        lines=tuple(replace(line, marks=NO_MARKS, previous_score=None) for line in card.lines),
        evidence=(),
        flags=(),
        rule_notes=(),
    )  # fmt: skip
    said = text(render_report_card(bare).content)
    for words in (
        "尚未公布",
        "首次参评",
        "上年度未参评",
        "本年度没有按项计分的佐证",
        "指标数据齐全",
    ):
        assert words in said
    assert "None" not in said


@needs_pango
def test_pdf_is_the_same_again_and_dated_by_the_card():
    first, second = (render_report_card(report_card()) for _ in range(2))
    assert first.content == second.content
    with pikepdf.open(io.BytesIO(first.content)) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20200921")
        assert document.docinfo["/Title"] == "霸州市2019年度县域科技创新能力评价得分说明书"
        assert not document.attachments


def test_without_pango_the_card_is_refused_not_broken(monkeypatch):
    monkeypatch.setattr(pdf, "pdf_available", lambda: False)
    with pytest.raises(pdf.PdfUnavailable):
        render_report_card(report_card())
