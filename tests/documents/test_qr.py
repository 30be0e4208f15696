"""The QR code as it is printed: compared, module by module, with the encoder's own."""

import pypdfium2
import pytest
import segno
from PIL import Image

from county_portal.documents.official import Verification, render_official
from county_portal.documents.qr import QUIET_ZONE, qr_code, qr_png
from tests.documents.papers import notice
from tests.documents.reading import needs_pango, text

URL = "https://kjcx.example.gov.cn/v/7K3M92QF0XTC/"
SIDE = 22  # mm


def verified(url=URL):
    from dataclasses import replace

    return replace(notice(), verification=Verification("7K3M-92QF-0XTC", url, "ab" * 32))


@needs_pango
@pytest.mark.parametrize("url, content", [(URL, URL), ("", "7K3M-92QF-0XTC")])
def test_the_printed_code_is_the_address(url, content):
    rendered = render_official(verified(url))
    page, left, top = rendered.places["verification-qr"]

    matrix = segno.make(content, error="m", micro=False).matrix
    found = _printed(rendered.content, page, left, top, len(matrix))

    assert found == [[bool(module) for module in row] for row in matrix]


def _printed(content, page, left, top, count):
    """Modules as they stand in the drawing, 22 mm with the quiet zone, read at 20 pixels a millimetre."""
    scale = 20
    document = pypdfium2.PdfDocument(content)
    picture = document[page - 1].render(scale=scale / 72 * 25.4).to_pil().convert("L")
    document.close()
    step = SIDE / (count + 2 * QUIET_ZONE)

    def is_dark(x, y):
        """A module by its place in the code; the quiet zone is left and above of the first."""
        place = (left + (x + QUIET_ZONE + 0.5) * step, top + (y + QUIET_ZONE + 0.5) * step)
        return picture.getpixel(tuple(round(each * scale) for each in place)) < 128

    span = range(-QUIET_ZONE, count + QUIET_ZONE)
    quiet = [(x, y) for x in span for y in span if not (0 <= x < count and 0 <= y < count)]
    assert not any(is_dark(x, y) for x, y in quiet)
    return [[is_dark(x, y) for x in range(count)] for y in range(count)]


@needs_pango
def test_code_digest_and_address_stand_beside_it():
    words = text(render_official(verified()).content)

    for expected in ("7K3M-92QF-0XTC", "ab" * 8, URL):
        assert expected in words
    assert "ab" * 9 not in words


def test_the_same_text_gives_the_same_drawing():
    assert qr_code(URL) == qr_code(URL)
    assert qr_code(URL) != qr_code(URL + "x")
    assert qr_png(URL) == qr_png(URL)


def test_the_picture_for_word_is_sharp_at_22_millimetres():
    from io import BytesIO

    picture = Image.open(BytesIO(qr_png(URL)))

    assert picture.width >= SIDE / 25.4 * 300
