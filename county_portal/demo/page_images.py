"""Pictures of a PDF's pages, small enough for a repository."""

import io

import pypdfium2

WIDTH = 700  # pixels
_LARGEST = 40_000  # bytes
_COLOURS = (16, 8, 6, 4)


def page_images(pdf: bytes, numbers: tuple[int, ...]) -> dict[int, bytes]:
    """PNG of pages from 1 (-1 is the last), by number; each page once."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = len(document)
        wanted = sorted({number if number > 0 else count + 1 + number for number in numbers})
        return {number: _picture(document[number - 1]) for number in wanted if 0 < number <= count}
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage) -> bytes:
    """As many colours as the size allows: greys for type, a red for the letterhead."""
    width, _ = page.get_size()
    half_a_pixel = 0.5  # pdfium rounds up
    image = page.render(scale=(WIDTH - half_a_pixel) / width).to_pil().convert("RGB")
    content = b""
    for colours in _COLOURS:
        out = io.BytesIO()
        image.quantize(colours).save(out, format="PNG", optimize=True)
        content = out.getvalue()
        if len(content) <= _LARGEST:
            break
    return content
