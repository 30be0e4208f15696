"""Reading the texts: to the character, nothing lost between lines, malformed ones refused by line."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.common.province_files import province_file
from measures.importer import read_plain
from measures.rules.reading import Unreadable, read_measures, split_outside
from tests.measures.sources import COUNTS, SPECS, reading_of, text_of

KEYS = sorted(COUNTS)


def squeezed(text):
    """Without line ends and the blanks lines begin and end with."""
    return "".join(line.strip() for line in text.splitlines())


def section_of(key):
    text = text_of(key)
    if not SPECS[key]["section"]:
        return text
    begin, end = SPECS[key]["section"]
    body = text.split(f"\n{begin}\n", 1)[1]
    return re.split(rf"(?m)^\s*{end}", body, maxsplit=1)[0]


def joined(reading):
    """The text put together again from what was read."""
    parts = []
    for part in reading.parts:
        parts.append(part.head + part.title)
        parts += [each.head + each.text + each.closing for each in part.measures]
    return (reading.preamble + "".join(parts)).replace("\n", "")


@pytest.mark.parametrize("key", KEYS)
class TestTheTexts:
    def test_parts_and_measures(self, key):
        reading = reading_of(key)
        assert (len(reading.parts), len(reading.measures)) == COUNTS[key]
        numbers = [each.number for each in reading.measures]
        assert numbers == list(range(1, COUNTS[key][1] + 1))

    def test_every_line_to_the_character(self, key):
        source = squeezed(text_of(key))
        for each in reading_of(key).measures:
            assert source.count((each.head + each.text + each.closing).replace("\n", "")) == 1

    def test_nothing_is_lost_between_the_lines(self, key):
        assert joined(reading_of(key)) == squeezed(section_of(key))

    def test_every_unit_of_the_text_and_no_other(self, key):
        named = Counter()
        label = "责任单位：|数据提供单位："
        body = section_of(key)
        for found in re.finditer(rf"（(?:{label})", body):
            depth, end = 0, found.start()
            while True:
                depth += {"（": 1, "）": -1}.get(body[end], 0)
                if not depth:
                    break
                end += 1
            inside = re.sub(label, "", body[found.start() + 1 : end])
            named.update(re.findall(r"[^、，；（]+(?:（[^）]*）)?", inside))
        read = Counter(unit.words for each in reading_of(key).measures for unit in each.units)
        assert read == named

    def test_goals_are_words_of_their_measures(self, key):
        measures = {each.number: each for each in reading_of(key).measures}
        for goal in read_plain("goals", "hebei"):
            if goal["ledger"] == key:
                assert goal["wording"] in measures[goal["number"]].text
                assert (
                    goal["target"] in goal["wording"]
                    or goal["name"].startswith("科技特派员")
                    or (goal["name"] == "服务企业")
                )


def test_sixty_four_in_all():
    assert sum(len(reading_of(key).measures) for key in KEYS) == 64


def test_sentences_broken_by_a_page_are_whole_again():
    by_number = {each.number: each.text for each in reading_of("shijiazhuang-tasks").measures}
    assert "加强市县两级科技服务行业协会" in by_number[1]
    assert "加大高新技术企业所得税减免" in by_number[5]
    assert "2022年度，规上高新技术产业增加值占规上工业增加值比重" in by_number[16]
    assert not any("\n" in text for text in by_number.values())


def test_units_with_their_parts():
    by_number = {each.number: each for each in reading_of("bazhou-tasks").measures}
    assert [(unit.words, unit.kind) for unit in by_number[12].units] == [
        ("市科技和工信局", "lead"),
        ("市农业农村局", "support"),
        ("市统计局", "data"),
    ]
    assert [unit.words for unit in by_number[6].units] == ["市科技和工信局", "各乡镇（区、办）"]
    assert by_number[2].closing == "（数据提供单位：市统计局）"


def test_the_files_are_the_texts_word_for_word():
    assert "一、加强对县域落实创新发展理念的考核和督导" in text_of("hebei-measures")
    assert "石政办函〔2022〕17号" in text_of("shijiazhuang-tasks")
    assert province_file("measures/units.json", "hebei").is_file()


GOOD = "\n".join(
    [
        "一、部分",
        "1.甲事。（责任单位：甲局）",
        "2.乙事。（责任单位：乙局、丙局）",
        "二、又一部分",
        "3.丙事。（责任单位：丙局）",
    ]
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "没有读到措施"),
        ("随便一段话。", 1, "没有读到措施"),
        ("1.甲事。（责任单位：甲局）", 1, "没有部分标题"),
        (GOOD.replace("2.乙", "4.乙"), 3, "序号“4”不连续"),
        (GOOD.replace("二、", "三、"), 4, "序号不连续"),
        (GOOD.replace("甲局）", "甲局"), 2, "没有右括号"),
        (GOOD.replace("（责任单位：甲局）", "责任单位：甲局"), 2, "没有放在括号里"),
        (GOOD.replace("乙局、丙局", "乙局、、丙局"), 3, "是空的"),
        (GOOD.replace("乙局、丙局", "乙局、乙局"), 3, "重复"),
        (GOOD.replace("甲事。", ""), 2, "没有文字"),
        (GOOD.replace("甲局）", "甲局）多余的话"), 2, "写在责任单位之后"),
        (GOOD.replace("甲局）", "甲局；乙局）"), 2, "没有写明"),
        (GOOD + "\n三、空的部分", 6, "没有措施"),
        ("（一）部分\n1.甲事。\n二、另一章", 3, "上一级标题"),
    ],
)
def test_malformed_texts_are_refused_by_line(text, line, words):
    with pytest.raises(Unreadable) as caught:
        read_measures(text)
    assert (line, True) in [(fault.line, words in fault.sentence) for fault in caught.value.faults]


def test_a_heading_that_is_not_there():
    with pytest.raises(Unreadable, match="没有找到"):
        read_measures(GOOD, ("五、重点工作", "六、"))


_WORDS = st.text("甲乙丙丁戊创新发展科技（）0123%", min_size=1, max_size=30)
_UNIT = st.text("省市县财政科技局厅委", min_size=2, max_size=8)


@st.composite
def ledgers(draw):
    """Parts of measures with units, as a text and as what was meant."""
    lines, meant, number = [], [], 0
    for part in range(1, draw(st.integers(1, 4)) + 1):
        lines.append(f"{'一二三四'[part - 1]}、部分{part}")
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            words = "推进" + draw(_WORDS).replace("（", "").replace("）", "") + "。"
            units = draw(st.lists(_UNIT, min_size=1, max_size=4, unique=True))
            lines.append(f"{number}.{words}（责任单位：{'、'.join(units)}）")
            meant.append((words, units))
    return lines, meant


@given(ledgers(), st.data())
def test_what_was_written_is_read_wherever_lines_break(made, data):
    lines, meant = made
    broken = []
    for line in lines:
        # Anywhere in the line a page may end, but for its head and not where a number would begin a line.
        place = data.draw(st.integers(4, max(4, len(line) - 1)))
        safe = not re.match(r"[0-9]", line[place : place + 1]) and line[place - 1 : place] != "。"
        broken += [line[:place], "", line[place:]] if safe and line[place:] else [line]
    read = read_measures("\n".join(broken))
    assert [(each.text, [unit.words for unit in each.units]) for each in read.measures] == meant


@given(st.text("一二（）、，.。1239责任单位：局\n", max_size=120))
def test_any_text_is_read_or_refused_with_lines(text):
    reading, faults = None, ()
    try:
        reading = read_measures(text)
    except Unreadable as refusal:
        faults = refusal.faults
    if reading:
        assert joined(reading) == squeezed(text)
    else:
        count = max(1, len(text.splitlines()))
        assert faults
        assert all(1 <= fault.line <= count for fault in faults)


@given(st.permutations(GOOD.splitlines()))
def test_shuffled_lines_are_refused_or_keep_their_words(lines):
    text = "\n".join(lines)
    if text == GOOD:
        return
    try:
        reading = read_measures(text)
    except Unreadable:
        return
    assert joined(reading) == squeezed(text)


@given(st.lists(_UNIT, min_size=1, max_size=5))
def test_brackets_keep_their_commas(units):
    words = [f"{unit}（区、办）" for unit in units]
    assert split_outside("、".join(words), "、，") == words
