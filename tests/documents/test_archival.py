"""What can be checked of PDF/A-2u without a validator: see docs/公文签名与核验.md for what was and was not.

Clauses are those of ISO 19005-2. The signed file is checked too: an incremental update must keep the claim.
"""

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest

from county_portal.demo.seals import demonstration_signer
from county_portal.documents.official import Verification, render_official
from county_portal.documents.signing import SealPlacement
from tests.documents.papers import ISSUER, notice
from tests.documents.reading import needs_pango

pytestmark = needs_pango

FORBIDDEN_ACTIONS = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript"),
    *("/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView"),
}
BLEND_MODES = {
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"),
    *("/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"),
}


@pytest.fixture(scope="module")
def rendered():
    from dataclasses import replace

    url = "https://kjcx.example.gov.cn/v/7K3M92QF0XTC/"
    document = replace(
        notice(text="井陘县、浉河区，面积100㎡，得分≧60分，喆、堃。"),
        verification=Verification("7K3M-92QF-0XTC", url, "ab" * 32),
    )
    return render_official(document)


@pytest.fixture(scope="module", params=["rendered", "signed"])
def content(request, rendered, tmp_path_factory, django_db_setup):
    if request.param == "rendered":
        return rendered.content
    from django.test import override_settings

    folder = tmp_path_factory.getbasetemp() / "seals"
    with override_settings(DOCUMENT_SEALS_DIR=folder):
        signer = demonstration_signer(ISSUER)
        placement = SealPlacement(*rendered.places["seal-centre"])
        return signer.sign(rendered.content, placement, "签发", datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture
def pdf(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def dictionaries(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield from _inner(each)


def _inner(value, depth=0):
    """A dictionary and those written into it, not those it refers to."""
    yield value
    for key in value.keys():  # noqa: SIM118 -- pikepdf's own type, no dict
        each = value[key]
        if isinstance(each, pikepdf.Dictionary) and not each.is_indirect and depth < 8:
            yield from _inner(each, depth + 1)


def test_header_trailer_and_syntax(content, pdf):
    """6.1.2, 6.1.3: header, a comment of four high bytes, an ID, no encryption."""
    assert re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4,}", content)
    assert "/ID" in pdf.trailer
    assert not pdf.is_encrypted
    assert pdf.check_pdf_syntax() == []


def test_metadata_claim_what_is_kept_and_agree(pdf):
    """6.6.2, 6.6.4: unfiltered text aside, part 2 conformance U; the same title, author and dates twice."""
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "U"
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"])
        assert metadata["dc:creator"] == [str(pdf.docinfo["/Author"])]
        assert metadata["pdf:Producer"] == str(pdf.docinfo["/Producer"])
        for name, key in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
            assert metadata[name].replace("-", "") == str(pdf.docinfo[key]).removeprefix("D:")


def test_colours_are_defined(pdf):
    """6.2.3, 6.2.4: one output intent with an RGB profile; no CMYK anywhere."""
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert int(intent.DestOutputProfile.N) == 3
    for each in dictionaries(pdf):
        assert each.get("/ColorSpace") != "/DeviceCMYK"
    for page in pdf.pages:
        operators = {str(operator) for _, operator in pikepdf.parse_content_stream(page)}
        assert not operators & {"k", "K"}


def test_every_font_is_embedded_and_can_be_read_back(pdf):
    """6.2.11.4, 6.2.11.7.2: a font program and a ToUnicode map each."""
    fonts = [each for each in dictionaries(pdf) if each.get("/Type") == "/Font"]
    outer = [each for each in fonts if each.Subtype == "/Type0"]
    assert len(outer) >= 3
    assert {str(each.Subtype) for each in fonts} <= {"/Type0", "/CIDFontType2", "/CIDFontType0"}
    for font in outer:
        (inner,) = font.DescendantFonts
        assert set(inner.FontDescriptor.keys()) & {"/FontFile2", "/FontFile3"}
        assert inner.get("/CIDToGIDMap") == "/Identity" or inner.Subtype == "/CIDFontType0"
        assert font.Encoding == "/Identity-H"
        assert b"beginbf" in font.ToUnicode.read_bytes()


def test_no_missing_glyph_is_shown(pdf):
    """6.2.11.8: glyph 0 never."""
    for page in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in {"Tj", "TJ"}:
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                for text in shown:
                    if isinstance(text, pikepdf.String):
                        raw = bytes(text)
                        codes = {raw[at : at + 2] for at in range(0, len(raw), 2)}
                        assert b"\0\0" not in codes


def test_nothing_acts_or_comes_from_outside(pdf):
    """6.5, 6.1.7, 6.8: no scripts, no forbidden action, no outside stream, no file inside."""
    for each in dictionaries(pdf):
        assert str(each.get("/S", "")) not in FORBIDDEN_ACTIONS
        assert "/AA" not in each
        assert not {"/F", "/FFilter"} & set(each.keys()) or each.get("/Type") == "/Annot"
        assert each.get("/Filter") != "/LZWDecode"
        assert "/EF" not in each
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(names.keys())
    assert "/NeedAppearances" not in pdf.Root.get("/AcroForm", pikepdf.Dictionary())


def test_transparency_is_of_the_allowed_kinds(pdf):
    """6.2.5, 6.2.10: no transfer function, known blend modes."""
    for each in dictionaries(pdf):
        assert not {"/TR", "/HTP"} & set(each.keys())
        if "/BM" in each:
            assert str(each.BM) in BLEND_MODES
        assert each.get("/Interpolate", False) is not True


def test_annotations_are_printed_and_have_their_drawing(pdf):
    """6.3.2, 6.3.3: print flag set, hidden flags not; one normal appearance."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            flags = int(annotation.F)
            assert flags & 4
            assert not flags & (1 | 2 | 32)
            if annotation.Subtype != "/Link":
                assert list(annotation.AP.keys()) == ["/N"]


def test_the_signature_restricts_as_it_may(pdf):
    """6.1.12: only DocMDP, without digests of its own; 6.4.3: the whole file but the signature is signed."""
    if "/Perms" not in pdf.Root:
        assert "/AcroForm" not in pdf.Root
        return
    assert list(pdf.Root.Perms.keys()) == ["/DocMDP"]
    signature = pdf.Root.Perms.DocMDP
    for reference in signature.Reference:
        assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys())


def test_the_signature_covers_the_whole_file(content, pdf):
    if "/Perms" not in pdf.Root:
        return
    start, first, second, rest = (int(each) for each in pdf.Root.Perms.DocMDP.ByteRange)
    assert (start, second + rest) == (0, len(content))
    assert content[first:second].startswith(b"<")


def test_rendering_is_repeatable(rendered):
    from dataclasses import replace

    document = replace(
        notice(text="井陘县、浉河区，面积100㎡，得分≧60分，喆、堃。"),
        verification=Verification(
            "7K3M-92QF-0XTC", "https://kjcx.example.gov.cn/v/7K3M92QF0XTC/", "ab" * 32
        ),
    )

    assert render_official(document).content == rendered.content
