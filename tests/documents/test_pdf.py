"""Rendering: the same bytes again, nothing fetched, nothing hostile gets through, pango may be missing."""

import io
import os
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from county_portal.documents import pdf
from county_portal.documents.fonts import use_project_fonts
from county_portal.documents.pdf import (
    PdfFailed,
    PdfTooLarge,
    PdfUnavailable,
    layout_version,
    render_pdf,
)
from tests.documents.listening import SECRET
from tests.documents.reading import needs_pango, text

STYLES = ("documents/official.css",)
PROJECT_FOLDER = Path(__file__).resolve().parents[2]


def render(html: str, **more: Any) -> bytes:
    return render_pdf(html, title="测试", styles=STYLES, **more).content


@needs_pango
def test_same_input_same_bytes():
    assert render("<p>河北省</p>") == render("<p>河北省</p>")
    assert render("<p>河北省</p>") != render("<p>河南省</p>")


@needs_pango
def test_same_bytes_in_another_process_with_other_hashes():
    program = (
        "import django; django.setup()\n"
        "from county_portal.documents.pdf import render_pdf\n"
        f"print(render_pdf('<p>河北省 2021</p>', title='测试', styles={STYLES!r}).digest)"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT_FOLDER,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(digests) == 1


@needs_pango
def test_information_comes_from_the_document_not_from_the_clock():
    rendered = render_pdf(
        "<title>别的标题</title><p>文</p>",
        title="河北省通知",
        styles=STYLES,
        created_on=date(2021, 9, 3),
        author="省科技厅",
        subject="冀科领〔2021〕1号",
    )
    with pikepdf.open(io.BytesIO(rendered.content)) as document:
        about = document.docinfo
        assert about["/Title"] == "河北省通知"
        assert about["/Author"] == "省科技厅"
        assert about["/Subject"] == "冀科领〔2021〕1号"
        assert str(about["/CreationDate"]).startswith("D:20210903")
    with pikepdf.open(io.BytesIO(render("<p>文</p>"))) as document:
        assert "/CreationDate" not in document.docinfo
    assert rendered.page_count == 1
    assert len(rendered.digest) == 64


VECTORS = {
    "image": "<img src='{url}'>",
    "image set": "<img srcset='{url} 1x' src='{url}'>",
    "style sheet": "<link rel=stylesheet href='{url}'>",
    "import": "<style>@import url('{url}');</style>",
    "font face": "<style>@font-face {{font-family: x; src: url('{url}')}} p {{font-family: x}}</style><p>文</p>",
    "background": "<p style=\"background: url('{url}')\">文</p>",
    "list marker": "<ul><li style=\"list-style-image: url('{url}')\">文</ul>",
    "content": "<style>p::before {{content: url('{url}')}}</style><p>文</p>",
    "border image": "<p style=\"border: 9px solid; border-image: url('{url}') 3\">文</p>",
    "object": "<object data='{url}'></object>",
    "embed": "<embed src='{url}'>",
    "frame": "<iframe src='{url}'></iframe>",
    "svg image": "<svg width=9 height=9><image href='{url}' width=9 height=9 /></svg>",
    "svg use": "<svg width=9 height=9><use href='{url}#a' /></svg>",
    "svg style": "<svg width=9 height=9><style>@import '{url}';</style><rect width=9 height=9 /></svg>",
    "attachment": "<link rel=attachment href='{url}'>",
    "attachment link": "<a rel=attachment href='{url}'>文</a>",
    "base address": "<base href='{url}'><img src='x.png'>",
    "colour profile": "<style>@color-profile --x {{src: url('{url}')}}</style><p>文</p>",
}


@needs_pango
@pytest.mark.parametrize("name", VECTORS)
def test_no_address_is_fetched(name, listener, tmp_path):
    address, calls = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    before = len(calls)
    for url in (
        address,
        f"file://{secret}",
        f"FILE://localhost{secret}",
        str(secret),
        f"ftp{address[4:]}",
    ):
        try:
            content = render(VECTORS[name].format(url=url))
        except PdfFailed:
            continue  # denied as well
        with pikepdf.open(io.BytesIO(content)) as document:
            assert not document.attachments
            streams = [
                entry.read_bytes()
                for entry in document.objects
                if isinstance(entry, pikepdf.Stream)
            ]
        assert all(SECRET.encode() not in stream for stream in streams)
    assert len(calls) == before


@needs_pango
def test_only_named_assets_of_the_project_are_served():
    from county_portal.documents.renderer import ProjectAssetsOnly

    fetcher = ProjectAssetsOnly()
    served = fetcher.fetch("document-asset:CountyRoman-Regular.ttf")
    assert served.read()[:4] == b"\x00\x01\x00\x00"
    for url in (
        "document-asset:../fonts/CountyRoman-Regular.ttf",
        "document-asset:/etc/passwd",
        "document-asset:fonts.lock.json",
        "document-asset:countyroman-regular.ttf",
        "document-asset:",
        "data:text/css,p{}",
        "",
    ):
        with pytest.raises(ValueError, match="not allowed"):
            fetcher.fetch(url)


@needs_pango
@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "长" * 20_000 + "</p>",
        "<p>" + "x" * 20_000 + "</p>",
        "<p>\x00\x07\x1b\ud800\ufffe\u202e文</p>",
        "<table>" * 20 + "<tr><td>文" + "</table>" * 20,
        "",
    ],
    ids=["long paragraph", "long word", "control characters", "nested tables", "empty"],
)
def test_hostile_pages_become_some_pdf(html):
    assert render(html).startswith(b"%PDF-")


@needs_pango
def test_what_cannot_be_set_is_refused_with_a_sentence():
    with pytest.raises(PdfFailed) as refusal:
        render("<div>" * 3000 + "文" + "</div>" * 3000)
    assert refusal.value.code == "pdf_failed"
    assert render("<p>文</p>").startswith(b"%PDF-")


@needs_pango
def test_too_long_is_refused_with_a_sentence():
    with pytest.raises(PdfTooLarge) as refusal:
        render("文" * (pdf.MAX_HTML_CHARACTERS + 1))
    assert refusal.value.code == "pdf_too_large"
    assert "分批" in refusal.value.sentence


def test_without_pango_the_sentence_names_the_remedy(monkeypatch):
    pdf.pdf_available.cache_clear()
    monkeypatch.setattr("county_portal.documents.pdf.LIBRARIES", ("libof-another-machine.so.0",))
    try:
        assert pdf.pdf_available() is False
        with pytest.raises(PdfUnavailable) as refusal:
            render("<p>文</p>")
    finally:
        pdf.pdf_available.cache_clear()
    assert refusal.value.code == "pdf_unavailable"
    assert refusal.value.status == 503
    assert "libpangoft2-1.0-0" in refusal.value.sentence


def test_importing_documents_does_not_load_pango():
    program = (
        "import sys, django; django.setup()\n"
        "import county_portal.documents.official, county_portal.documents.workbook\n"
        "import scoring.list_document, reports.card\n"
        "assert 'weasyprint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT_FOLDER, env=os.environ, check=True)


def test_layout_version_follows_the_style_sheet(tmp_path, monkeypatch):
    template = ("documents/official.html",)
    before = layout_version(template, STYLES)
    layout_version.cache_clear()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "official.css").write_text("p { color: red }")
    monkeypatch.setattr(pdf, "STYLE_FOLDER", tmp_path)
    try:
        assert layout_version(template, STYLES) != before
    finally:
        layout_version.cache_clear()


@needs_pango
def test_text_is_escaped_by_the_templates():
    from dataclasses import replace

    from scoring.list_document import render_list_pdf
    from tests.documents.samples import published_list

    document = published_list()
    hostile = "<script>alert(1)</script>&amp;<b>"
    changed = replace(document, region_changes=(hostile,), addressees=(hostile,))
    assert text(render_list_pdf(changed).content).count(hostile) == 2


@needs_pango
@pytest.mark.parametrize("name", ["card", "list"])
def test_short_cuts_set_the_same_pages(name):
    """Without the browser's rules no document needs, and read by expat: the same bytes as WeasyPrint alone."""
    program = textwrap.dedent(f"""
        import django; django.setup()
        from county_portal.documents import official, pdf, renderer
        from reports import card
        from scoring import list_document
        from tests.documents.card_samples import report_card
        from tests.documents.samples import published_list
        from weasyprint import HTML
        from weasyprint.html import UA
        pages = []
        def note(html, *, styles, **more):
            pages.append((html, styles))
            return pdf.RenderedPdf(b"", 2)
        official.render_pdf = card.render_pdf = note
        if {name == "card"}:
            card.render_report_card(report_card())
        else:
            list_document.render_list_pdf(published_list())
        html, styles = pages[0]
        if {name == "card"}:
            more = "<ol><li>一</li></ol><ul><li>二</li></ul><p><q>三</q><a href='#x'>四</a></p>"
            html = html.replace("</body>", more + "</body>")
        about = renderer.Information("测试", "", "", None)
        ours = renderer.write_pdf(html, about, styles)
        assert len(renderer._FOOTNOTES.sub("", UA)) < len(UA) - 100
        renderer._page = lambda html: HTML(string=html, base_url=None, url_fetcher=renderer._fetcher())
        assert renderer.write_pdf(html, about, styles) == ours
    """)
    environment = {**os.environ, "FONTCONFIG_FILE": str(use_project_fonts(Path(settings.VAR_DIR)))}
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT_FOLDER, env=environment, check=True)


@needs_pango
def test_a_page_that_is_not_well_formed_is_read_as_browsers_do():
    closed = render("<html><body><p>一</p><p>二</p></body></html>")
    assert render("<html><body><p>一<p>二") == closed
    assert text(render("<html><body><p>一&nbsp;&middot;二</p></body></html>")) == "一·二—1—"
