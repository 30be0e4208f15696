"""Electronic seals: real certificates, real PDF, one changed byte."""

from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from django.db import transaction

from county_portal.demo.seals import demonstration_signer, root_certificate
from county_portal.documents.actions.files import make_paper_file
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.official import render_official
from county_portal.documents.seals import DIAMETER_MM, SIZE, draw_seal
from county_portal.documents.signing import (
    SealPlacement,
    read_signatures,
    signer_for,
    signer_from_files,
)
from county_portal.files.store import path_of
from tests.documents.papers import ISSUER, issue, make_register, notice
from tests.documents.reading import needs_pango

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BUREAU = "廊坊市科学技术局"
_MM = 25.4 / 72


@pytest.fixture(autouse=True)
def folders(settings, tmp_path_factory):
    """One root for all tests of this file: keys take their time."""
    settings.DOCUMENT_SEALS_DIR = tmp_path_factory.getbasetemp() / "seals"
    settings.DOCUMENT_KEYS_DIR = tmp_path_factory.getbasetemp() / "keys"
    settings.DOCUMENT_SIGNER = "county_portal.demo.seals.demonstration_signer"


@pytest.fixture(scope="module")
def rendered():
    return render_official(notice())


def sign(rendered, issuer=ISSUER):
    placement = SealPlacement(*rendered.places["seal-centre"])
    return demonstration_signer(issuer).sign(rendered.content, placement, "签发", NOW)


@needs_pango
def test_a_signature_goes_back_to_the_demonstration_root(rendered):
    (found,) = read_signatures(sign(rendered), [root_certificate()])

    assert (found.signer, found.is_intact, found.is_trusted) == (ISSUER, True, True)
    assert found.signed_at == NOW


@needs_pango
def test_another_root_is_not_trusted(rendered):
    (found,) = read_signatures(sign(rendered), [])

    assert found.is_intact
    assert not found.is_trusted


@needs_pango
@pytest.mark.parametrize("share", [10, 30, 50, 90])
def test_one_changed_byte_is_noticed(rendered, share):
    signed = bytearray(sign(rendered))
    place = len(rendered.content) * share // 100
    signed[place] ^= 1

    try:
        found = read_signatures(bytes(signed), [root_certificate()])
    except ValueError:
        return
    assert not any(each.is_intact for each in found)


@needs_pango
def test_what_is_appended_afterwards_is_noticed(rendered, tmp_path):
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    path = tmp_path / "a.pdf"
    path.write_bytes(sign(rendered))
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/Lang"] = pdf_string("en")
        writer.root[pdf_name("/PageLabels")] = writer.add_object(pdf_string("x"))
        writer.update_root()
        writer.write_in_place()

    (found,) = read_signatures(path.read_bytes(), [root_certificate()])
    assert not found.is_intact


@needs_pango
def test_what_was_rendered_stays_byte_for_byte(rendered):
    assert sign(rendered).startswith(rendered.content)


@needs_pango
def test_two_offices_carry_different_seals(rendered):
    first, second = sign(rendered), sign(rendered, BUREAU)

    assert _appearance(first) != _appearance(second)
    assert read_signatures(second, [root_certificate()])[0].signer == BUREAU


def _appearance(content):
    import io

    with pikepdf.open(io.BytesIO(content)) as pdf:
        (annotation,) = [
            each
            for page in pdf.pages
            for each in page.get("/Annots", [])
            if each.Subtype == "/Widget"
        ]
        return annotation.AP.N.read_bytes()


@needs_pango
def test_the_seal_stands_over_signature_and_date(rendered):
    """42 mm across; office and date stand a little below its middle; it reaches to within a line of the text."""
    import io

    page, _, top = rendered.places["signature"]
    with pikepdf.open(io.BytesIO(sign(rendered))) as pdf:
        annotations = pdf.pages[page - 1].Annots
        (widget,) = [each for each in annotations if each.Subtype == "/Widget"]
        x1, y1, x2, y2 = (float(each) for each in widget.Rect)
        height = float(pdf.pages[page - 1].MediaBox[3])
    centre_y = (height - (y1 + y2) / 2) * _MM

    assert (x2 - x1) * _MM == pytest.approx(DIAMETER_MM, abs=0.5)
    assert (y2 - y1) * _MM == pytest.approx(DIAMETER_MM, abs=0.5)
    line = 28.98 * _MM
    middle_of_words = top + line
    assert centre_y < middle_of_words < centre_y + 6
    text_ends = top - 2 * line
    assert 0 <= centre_y - DIAMETER_MM / 2 - text_ends <= line


@needs_pango
def test_the_seal_is_red_on_the_page_and_leaves_the_words_legible(rendered):
    document = pypdfium2.PdfDocument(sign(rendered))
    document.init_forms()
    page, left, top = rendered.places["seal-centre"]
    scale = 8
    bitmap = document[page - 1].render(scale=scale / 72 * 25.4, may_draw_forms=True)
    pixels = bitmap.to_pil().convert("RGB")
    document.close()

    def colour(dx, dy):
        return pixels.getpixel((round((left + dx) * scale), round((top + dy) * scale)))

    rim = DIAMETER_MM / 2 - 0.6
    for dx, dy in ((rim, 0), (-rim, 0), (0, -rim), (0, rim)):
        red, green, blue = colour(dx, dy)
        assert red > 150
        assert max(green, blue) < 60
    # Black words under the star stay darker than the red around them.
    star = [colour(dx / 10, dy / 10) for dx in range(-20, 21) for dy in range(-10, 11)]
    assert min(red for red, _, _ in star) < 60
    assert max(red for red, _, _ in star) > 150


def test_a_long_name_fits_on_the_arc():
    short, long = draw_seal("省科技厅"), draw_seal("河北省科技创新工作领导小组办公室综合协调处")

    assert long != short
    numbers = [
        float(word) for word in long.split() if word.replace(b".", b"").lstrip(b"-").isdigit()
    ]
    assert max(numbers) <= SIZE


def test_the_same_seal_is_drawn_the_same():
    assert draw_seal(ISSUER, "演示专用章") == draw_seal(ISSUER, "演示专用章")
    assert draw_seal(ISSUER, "演示专用章") != draw_seal(ISSUER)


def test_without_a_signer_nothing_is_signed(settings):
    settings.DOCUMENT_SIGNER = ""

    assert signer_for(ISSUER) is None


@pytest.mark.parametrize("issuer", [ISSUER, "../seals/" + ISSUER, "..", "", "/etc/passwd"])
def test_only_an_office_with_a_certificate_signs_from_files(settings, tmp_path, issuer):
    settings.DOCUMENT_SEALS_DIR = tmp_path / "none"

    assert signer_from_files(issuer) is None


@needs_pango
def test_a_certificate_from_a_file_signs(settings, rendered):
    demonstration_signer(ISSUER)
    settings.DOCUMENT_SIGNER = "county_portal.documents.signing.signer_from_files"
    signer = signer_for(ISSUER)
    assert signer is not None

    signed = signer.sign(
        rendered.content, SealPlacement(*rendered.places["seal-centre"]), "签发", NOW
    )

    assert read_signatures(signed, [root_certificate()])[0].is_intact


def test_a_real_server_makes_no_certificates(settings):
    from django.core.management.base import CommandError

    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError):
        demonstration_signer(ISSUER)


def test_what_is_no_pdf_is_said_so():
    with pytest.raises(ValueError, match="PDF"):
        read_signatures(b"PK no pdf")


@needs_pango
@pytest.mark.django_db
def test_an_issued_document_is_signed_by_its_issuer(people):
    register = make_register(people.signer, "廊科试", BUREAU)
    paper = issue(people.signer, register)
    with transaction.atomic():
        made = make_paper_file(paper, PaperFileKind.PDF)
        word = make_paper_file(paper, PaperFileKind.DOCX)

    assert (made.is_signed, word.is_signed) == (True, False)
    content = path_of(made.file.sha256).read_bytes()
    (found,) = read_signatures(content, [root_certificate()])
    assert (found.signer, found.is_intact) == (BUREAU, True)
