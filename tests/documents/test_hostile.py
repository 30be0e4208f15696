"""Text of users through the real templates: it is printed, never obeyed; what is too much is refused in words."""

import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from itertools import cycle, islice
from typing import Any

import pikepdf
import pytest

from county_portal.documents import pdf
from county_portal.documents.blocks import Attachment, Heading, Paragraph, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.official import (
    Imprint,
    Letterhead,
    OfficialDocument,
    Signature,
    Verification,
    render_official,
)
from county_portal.documents.pdf import PdfTooLarge, render_pdf
from reports.card import render_report_card
from scoring.list_document import render_list_pdf
from tests.documents.card_samples import report_card
from tests.documents.listening import SECRET
from tests.documents.reading import needs_pango, text
from tests.documents.samples import correction, published_list

# Each is also tried behind what would end an attribute, an element, a style sheet or a comment.
VECTORS = {
    "image": "<img src={url}>",
    "style sheet": "<link rel=stylesheet href={url}>",
    "attachment": "<link rel=attachment href={url}>",
    "attached link": "<a rel=attachment href={url}>文</a>",
    "import": "<style>@import '{url}';</style>",
    "font": "<style>@font-face{{font-family:x;src:url({url})}}*{{font-family:x}}</style>",
    "drawing": "<svg><image href={url} /><style>@import '{url}';</style></svg>",
    "style": '" style="background:url({url})',
    "css function": "); background: url({url}",
    "css block": "}} * {{ background: url({url}) }}",
    "frame": "<object data={url}></object><iframe src={url}></iframe><embed src={url}>",
    "base": "<base href={url}><script>fetch('{url}')</script>",
    "template": "{{% include '{url}' %}}{{{{ settings.SECRET_KEY }}}}",
}
BREAKOUTS = "\"'></p></td></title></style></svg>-->]]>"
NOT_TEXT = {"align", "layout", "class_name"}


def poisoned(record: Any, poisons: Iterator[str]) -> Any:
    """The same record with the next poison behind every text in it, however deep."""
    if isinstance(record, Enum):
        return record
    if isinstance(record, str):
        return record + next(poisons)
    if isinstance(record, tuple):
        return tuple(poisoned(each, poisons) for each in record)
    if is_dataclass(record) and not isinstance(record, type):
        return replace(
            record,
            **{
                field.name: poisoned(getattr(record, field.name), poisons)
                for field in fields(record)
                if field.init and field.name not in NOT_TEXT
            },
        )
    return record


def official(**changes: Any) -> OfficialDocument:
    """Every kind of field and of block."""
    table = Table(
        (TableColumn("县", 8), TableColumn("说明", 20)), (("霸州市", "文"), ("辛集市", "字")), "表"
    )
    return replace(
        OfficialDocument(
            layout=Layout.GENERAL,
            letterhead=Letterhead("河北省科学技术厅文件", "冀科〔2021〕1号", ("张三",)),
            title_lines=("关于公布评价结果的通知",),
            addressees="各市科技局",
            blocks=(Heading(1, "一、总体"), Heading(2, "（一）情况"), Paragraph("正文。"), table),
            signature=Signature("河北省科学技术厅", date(2021, 9, 3)),
            imprint=Imprint(("省委办公厅",), "河北省科学技术厅办公室", date(2021, 9, 3)),
            attachments=(Attachment("名单", (Paragraph("附件正文。"), table)),),
            remark="联系人：李四",
            verification=Verification("5TQ8-K2MX", "https://kjcx.example.gov.cn/v/", "ab" * 32),
        ),
        **changes,
    )


def small_list() -> Any:
    """A corrected list with a handful of counties: every part of it is there."""
    whole = published_list(correction())
    classes = tuple(replace(each, counties=each.counties[:2]) for each in whole.classes)
    return replace(whole, classes=classes, rises=whole.rises[:2], rank_rises=whole.rank_rises[:2])


DOCUMENTS = {
    "official": lambda poisons: render_official(poisoned(official(), poisons)),
    "list": lambda poisons: render_list_pdf(poisoned(small_list(), poisons)),
    "card": lambda poisons: render_report_card(poisoned(report_card(), poisons)),
}


def require_harmless(content: bytes) -> None:
    """No attachment, link, form, script or action, and no stream with the secret."""
    with pikepdf.open(io.BytesIO(content)) as document:
        assert not document.attachments
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(document.Root.keys())
        names = document.Root.get("/Names", pikepdf.Dictionary())
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(names.keys())
        assert not [note for page in document.pages for note in page.get("/Annots", [])]
        streams = [
            each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)
        ]
    assert all(SECRET.encode() not in stream for stream in streams)


@needs_pango
@pytest.mark.parametrize("scheme", ["http", "file", "data"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_text_in_every_field_is_printed_not_obeyed(name, scheme, listener, tmp_path):
    """Neighbouring fields get different vectors, the same field another one for each scheme."""
    server, calls = listener
    address = f"{server}/x"
    secret = tmp_path / "s"
    secret.write_text(SECRET)
    before = len(calls)
    shift, url = {
        "http": (0, address),
        "file": (5, f"file://{secret}"),
        "data": (9, f"data:text/css,*{{background:url({address})}}"),
    }[scheme]
    poisons = islice(cycle(VECTORS.values()), shift, None)

    content = DOCUMENTS[name](BREAKOUTS + each.format(url=url) for each in poisons).content

    assert len(calls) == before
    require_harmless(content)
    assert "</style></svg>" in text(content)


@needs_pango
def test_the_probe_itself_would_be_noticed(listener):
    """What the test above looks for does come when a page is let do as it likes."""
    from weasyprint import HTML

    server, calls = listener
    address = f"{server}/x"
    before = len(calls)
    content = HTML(string=f"<link rel=attachment href={address}><img src={address}>").write_pdf()
    assert len(calls) > before
    with pytest.raises(AssertionError):
        require_harmless(content)


def big_table(rows: int, columns: int = 6) -> Table:
    heads = tuple(TableColumn(f"第{number}列", 8) for number in range(columns))
    cells = tuple(tuple(f"县{row}列{column}" for column in range(columns)) for row in range(rows))
    return Table(heads, cells)


@needs_pango
def test_a_table_of_2000_rows_is_set_within_the_limits():
    rendered = render_official(official(blocks=(big_table(2000),), attachments=()))
    said = text(rendered.content)
    assert all(f"县{row}列5" in said for row in (0, 999, 1999))
    assert rendered.page_count > 40


@needs_pango
@pytest.mark.parametrize(
    "blocks",
    [
        (Paragraph("文" * 4_000_000),),
        (Paragraph("x" * 4_000_000),),
        (big_table(10_000),),
        (big_table(20, 2_000),),
    ],
    ids=["4 million characters", "4 million letters", "10 000 rows", "2 000 columns"],
)
def test_a_hostile_document_is_refused_in_words_and_the_next_one_is_set(blocks):
    with pytest.raises(PdfTooLarge) as refusal:
        render_official(official(blocks=blocks))
    assert "上限为" in refusal.value.sentence
    assert "分批" in refusal.value.sentence
    assert render_official(official()).page_count >= 2


@needs_pango
# Both take half a minute and more where a page takes a tenth of a second: words that wrap, not one endless word,
# which is set in seconds.
@pytest.mark.parametrize(
    "words", ["文" * 460_000, "county " * 200_000], ids=["characters", "words"]
)
def test_what_passes_the_bounds_but_takes_too_long_is_ended(words, settings):
    settings.PDF_SECONDS = 2
    pdf._typesetter().stop()
    pdf._typesetter.cache_clear()
    try:
        with pytest.raises(PdfTooLarge) as refusal:
            render_official(official(blocks=(Paragraph(words),)))
        assert "超过2秒" in refusal.value.sentence
        assert (
            render_pdf("<p>文</p>", title="测试", styles=("documents/official.css",)).page_count
            == 1
        )
    finally:
        pdf._typesetter().stop()
        pdf._typesetter.cache_clear()
