"""Plain text with its own numbering, and texts filled in from fields."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county_portal.common.errors import Invalid
from county_portal.documents import wording
from county_portal.documents.blocks import Heading, Paragraph, Table, TableColumn
from county_portal.documents.content import canonical_content, read_content
from county_portal.documents.wording import (
    fill_template,
    numbering_problems,
    read_blocks,
    text_of,
)
from tests.documents.test_official import official

# Whether somebody has worded a text anew, the database says.
pytestmark = pytest.mark.django_db

NAMES = Table((TableColumn("县（市、区）", 12),), (("井陉县",),), "推荐名单")

TEXT = """根据有关规定，现将有关事项通知如下。

一、总体要求
（一）提高认识
各县（市、区）要提高认识。
 (二)明确责任。各县（市、区）科技局牵头，有关部门配合。
1、按时填报。
(1)逐项核对。
二、切实加强领导。各市要把好审核关。
【表：名单】
"""


def test_each_line_is_a_block_of_its_level():
    assert read_blocks(TEXT, {"名单": NAMES}) == (
        Paragraph("根据有关规定，现将有关事项通知如下。"),
        Heading(1, "一、总体要求"),
        Heading(2, "（一）提高认识"),
        Paragraph("各县（市、区）要提高认识。"),
        Paragraph("（二）明确责任。各县（市、区）科技局牵头，有关部门配合。", "（二）明确责任。"),
        Paragraph("1.按时填报。"),
        Paragraph("（1）逐项核对。"),
        Paragraph("二、切实加强领导。各市要把好审核关。", "二、切实加强领导。"),
        NAMES,
    )


@pytest.mark.parametrize(
    "line",
    [
        "一、各县（市、区）要高度重视；",
        "一是提高认识",
        "十九大以来",
        "（一）各县（市、区）科技局要按时完成填报。",
        "（一）" + "很长的句子" * 12,
        "一、",
        "（冀政办字〔2019〕9号）",
        "3.5亿元资金",
    ],
)
def test_a_sentence_is_no_heading(line):
    assert read_blocks(line, {}) == (Paragraph(line),)


def test_a_table_nobody_gave_is_refused_by_name():
    with pytest.raises(Invalid) as refusal:
        read_blocks("【表：得分】", {"名单": NAMES})

    assert refusal.value.code == "table_unknown"
    assert "得分" in refusal.value.sentence
    assert "名单" in refusal.value.sentence


def test_text_and_blocks_say_the_same():
    blocks = read_blocks(TEXT, {"名单": NAMES})

    assert read_blocks(text_of(blocks), {NAMES.caption: NAMES}) == blocks


def test_leads_survive_sealing():
    document = official("", blocks=read_blocks(TEXT, {"名单": NAMES}), verification=None)

    assert read_content(canonical_content(document)) == document


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("1、", "1."),
        "一、甲\n1.子\n2.丑\n其他要求：\n1.寅\n二、乙\n1.卯\n（1）辰\n2.巳\n（1）午",
        "\n".join(f"{number}、部分" for number in "一二三四五六七八九十") + "\n十一、末",
    ],
)
def test_numbers_in_order_are_no_problem(text):
    assert numbering_problems(text) == []


@pytest.mark.parametrize(
    "text, problem",
    [
        ("一、甲\n三、乙", "“三、乙”：序号不连续，这里应是“二、”。"),
        ("一、甲\n一、乙", "“一、乙”：序号重复，这里应是“二、”。"),
        ("一、甲\n（二）乙", "“（二）乙”：序号不连续，这里应是“（一）”。"),
        ("一、甲\n（一）乙\n二、丙\n（二）丁", "“（二）丁”：序号不连续，这里应是“（一）”。"),
        ("1.甲\n2.乙\n2.丙", "“2.丙”：序号重复，这里应是“3.”。"),
        ("1、甲", "“1、甲”：序号应写作“1.”。"),
        ("（一）、甲", "“（一）、甲”：序号应写作“（一）”。"),
        ("九、甲", "“九、甲”：序号不连续，这里应是“一、”。"),
    ],
)
def test_a_number_out_of_order_is_told_in_words(text, problem):
    assert numbering_problems(text) == [problem]


@pytest.fixture
def template(tmp_path, monkeypatch):
    def write(text: str) -> str:
        (tmp_path / "sample.txt").write_text(text, encoding="utf-8")
        monkeypatch.setattr(wording, "TEXT_FOLDER", tmp_path)
        wording._engine.cache_clear()
        return "sample.txt"

    yield write
    wording._engine.cache_clear()


def test_fields_fill_a_template(template):
    name = template(
        "{{ county }}于{{ on }}报来{{ count }}项，“R&D <经费>”照录。\n\n"
        "{% for each in reasons %}{{ each }}\n{% endfor %}{{ missing }}"
    )

    text = fill_template(
        name,
        {
            "county": " 井陘县\n科技局\u202e\x07 ",
            "on": date(2021, 9, 3),
            "count": 3,
            "reasons": ["R&D <b>占比</b>", "一、同意", "（二）再议", "【表：名单】"],
        },
    )

    assert text.split("\n") == [
        "井陘县 科技局于2021年9月3日报来3项，“R&D <经费>”照录。",
        "R&D <b>占比</b>",
        "1.同意",
        "（2）再议",
        "〔表：名单〕",
        "（待填写）",
    ]


def test_binary_fractions_are_refused(template):
    with pytest.raises(TypeError):
        fill_template(template("{{ share }}"), {"share": 0.1})


@pytest.mark.parametrize("name", sorted(path.name for path in wording.TEXT_FOLDER.glob("*.txt")))
def test_texts_people_begin_with_are_numbered_in_order(name):
    text = fill_template(name, {})

    assert text
    assert numbering_problems(text) == []
    assert "{" not in text


TYPED = st.text(alphabet="一二十、（）()【】表：:1.\n\r\u2028 甲。{%}<&\ue000\ue001", max_size=12)


@settings(max_examples=300)
@given(first=TYPED, second=TYPED)
def test_no_value_can_add_structure(first, second):
    source = wording.Engine(autoescape=False).from_string(
        "一、标题\n{{ a }}\n{{ a }}、{{ b }}\n（{{ a }}）{{ b }}\n【表：{{ b }}】\n【{{ a }}】\n正文{{ a }}。"
    )
    context = wording.Context({"a": wording._marked(first), "b": wording._marked(second)})
    lines = [wording._settled(line) for line in source.render(context).split("\n")]

    heading, *others = read_blocks("\n".join(lines), {})

    assert heading == Heading(1, "一、标题")
    assert all(isinstance(block, Paragraph) and not block.lead for block in others)
    assert len(others) <= 6
