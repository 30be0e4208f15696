"""What downloaded files say."""

import re
from pathlib import Path

import openpyxl
import pypdfium2


def text_of_pdf(file: Path | bytes) -> str:
    """All text of a PDF, without blanks and line breaks."""
    document = pypdfium2.PdfDocument(file)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return re.sub(r"\s", "", "".join(pages))


def text_of_workbook(file: Path) -> str:
    """All cells of a workbook."""
    book = openpyxl.load_workbook(file.open("rb"))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
