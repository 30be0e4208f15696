"""Citations of documents in the standard's form, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.documents.numbers import (
    chinese_ordinal,
    document_number,
    is_document_number,
    normalise_citations,
    read_ordinal,
    standard_year,
)


@pytest.mark.parametrize(
    "written, standard",
    [
        ("冀政办字[2019]9号", "冀政办字〔2019〕9号"),
        ("青政办（2020）36号", "青政办〔2020〕36号"),
        ("冀科平(2021)第05号", "冀科平〔2021〕5号"),
        ("霸政字【2020】12号", "霸政字〔2020〕12号"),
        ("霸政字﹝2020﹞12号", "霸政字〔2020〕12号"),
        ("石政办函〔2022〕017号", "石政办函〔2022〕17号"),
        ("冀科领［２０２１］１号", "冀科领〔2021〕1号"),
        ("冀科领 [ 2021 ] 第 1 号", "冀科领〔2021〕1号"),
        ("冀科领第〔2021〕1号", "冀科领〔2021〕1号"),
        ("冀科领〔2021〕1号", "冀科领〔2021〕1号"),
        (
            "依据《指引》（冀科平[2018]3号）、青政办（2018）6号和冀科平(2019)07号",
            "依据《指引》（冀科平〔2018〕3号）、青政办〔2018〕6号和冀科平〔2019〕7号",
        ),
    ],
)
def test_a_citation_takes_the_standard_form(written, standard):
    assert normalise_citations(written) == standard


@pytest.mark.parametrize(
    "text",
    [
        "《县域科技创新跃升计划（2019—2025年）》",
        "《关于转发青政办（2018）6号文件的通知》",
        "本年度（2021）3号前报送",
        "2021年（2022）公布",
        "科技园（2020）36号楼",
        "共[2019]个",
        "（2020）36号",
        "冀科平[19]5号",
        "冀科平[2019]0号",
        "面积２０２１平方米",
        "",
    ],
)
def test_years_and_titles_stay_as_they_are(text):
    assert normalise_citations(text) == text


@given(st.text(alphabet="冀科平字[（(〔]）)〕第号2019０5《》年 ", max_size=40))
def test_normalising_twice_changes_nothing_more(text):
    once = normalise_citations(text)
    assert normalise_citations(once) == once


@given(
    st.integers(1900, 2099), st.integers(1, 99999), st.sampled_from(["[]", "（）", "()", "【】"])
)
def test_a_number_given_is_a_number_read(year, serial, brackets):
    number = document_number("冀科领", year, serial)

    assert is_document_number(number)
    assert standard_year(number.replace("〔", brackets[0]).replace("〕", brackets[1])) == number


@given(st.integers(1, 99))
def test_ordinals_are_read_back(number):
    assert read_ordinal(chinese_ordinal(number)) == number


def test_other_words_are_no_ordinal():
    assert read_ordinal("百") is None
