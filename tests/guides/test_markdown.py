"""Guides become HTML that says what the Markdown says and nothing else."""

import pytest

from county_portal.guides.markdown import Addresses, anchor_of, headings_of, plain_text, render

ADDRESSES = Addresses(
    guide=lambda name: f"/guides/{name}/" if name == "公文" else "",
    picture=lambda name: f"/guides/pictures/{name}.png" if name == "login" else "",
)


def html(text, **options):
    return render(text, ADDRESSES, **options).html


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "甲 <b>乙</b>", "`<i>`"],
)
def test_markup_in_a_guide_is_shown_as_text(text):
    shown = html(text)

    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;" in shown


def test_a_link_that_runs_script_is_no_link():
    assert "href" not in html("[点这里](javascript:alert(1))")


@pytest.mark.parametrize(
    "heading, anchor",
    [
        ("一、登录", "一登录"),
        ("看懂一个得分（县、市、省）", "看懂一个得分县市省"),
        ("用Excel填报", "用Excel填报"),
    ],
)
def test_anchors_are_the_letters_of_a_heading(heading, anchor):
    assert anchor_of(heading) == anchor
    assert f'<h2 id="{anchor}">' in html(f"## {heading}")


def test_a_second_heading_of_the_same_words_has_an_anchor_of_its_own():
    assert [row.anchor for row in headings_of("## 填报\n\n## 提交\n\n## 填报")] == [
        "填报",
        "提交",
        "填报2",
    ]


def test_in_a_handbook_headings_stand_deeper_under_the_chapters_anchor():
    rendered = render("## 填报\n\n### 保存", ADDRESSES, prefix="县级填报-", deeper=1)

    assert '<h3 id="县级填报-填报">填报</h3>' in rendered.html
    assert '<h4 id="县级填报-保存">保存</h4>' in rendered.html
    assert [row.level for row in rendered.headings] == [3, 4]


def test_links_lead_to_guides_and_pictures_to_where_they_are_served():
    assert 'href="/guides/公文/#收文"' in html("[收文](公文.md#收文)") or (
        'href="/guides/%E5%85%AC%E6%96%87/#%E6%94%B6%E6%96%87"' in html("[收文](公文.md#收文)")
    )
    assert 'src="/guides/pictures/login.png"' in html("![登录页](../images/guides/login.png)")
    assert "（图：没有拍）" in html("![没有拍](../images/guides/none.png)")
    assert "<img" not in html("![别处](https://example.com/x.png)")


def test_tables_may_be_scrolled_by_keyboard():
    shown = html("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |")

    assert '<div class="table-region" role="region" aria-label="表格" tabindex="0">' in shown
    assert "<td>2</td>" in shown


def test_the_words_of_a_text():
    assert plain_text("## 标题\n\n**甲**和`乙`") == "标题 甲和乙"
