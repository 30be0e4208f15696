"""What a .docx says, and its measures, read from its XML."""

import io
import zipfile
from decimal import Decimal

from docx import Document
from docx.oxml.ns import qn
from lxml import etree


def parts(content: bytes) -> dict[str, bytes]:
    """The members of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tree(content: bytes, name: str = "document") -> etree._Element:
    """A part of the text, parsed without entities or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(parts(content)[f"word/{name}.xml"], parser)


def targets(content: bytes) -> dict[str, str]:
    """Names of the parts the text refers to, by id."""
    relations = etree.fromstring(parts(content)["word/_rels/document.xml.rels"])
    return {each.get("Id"): each.get("Target").removesuffix(".xml") for each in relations}


def value(element: etree._Element, name: str = "val") -> str:
    """An attribute of the w namespace."""
    return str(element.get(qn(f"w:{name}"), ""))


def millimetres(twips: str) -> float:
    """Twentieths of a point in millimetres."""
    return float(Decimal(twips) * Decimal("25.4") / 1440)


def all_text(content: bytes) -> str:
    """All text of the body in its order, as a reader of the file gets it, without blanks."""
    words = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if hasattr(block, "rows"):
            words += [cell.text for row in block.rows for cell in row.cells]
        else:
            words.append(block.text)
    return "".join("".join(words).split())


def styled(content: bytes) -> list[tuple[str, str]]:
    """The paragraphs outside tables with their styles' names."""
    document = Document(io.BytesIO(content))
    return [(str(each.style and each.style.name), each.text) for each in document.paragraphs]
