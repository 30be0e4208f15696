"""The canonical text of what a document says: kept for ever, digested, and read back to set it again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from county_portal.documents.blocks import (
    Attachment,
    Block,
    Heading,
    Paragraph,
    Table,
    TableColumn,
)
from county_portal.documents.enums import Layout
from county_portal.documents.official import Imprint, Letterhead, OfficialDocument, Signature

VERSION = 1
_TAGS: dict[type[Block], str] = {Paragraph: "paragraph", Heading: "heading", Table: "table"}


def canonical_content(document: OfficialDocument) -> str:
    """The document as JSON with sorted keys; the verification line, which speaks of it, is left out."""
    plain = {
        "version": VERSION,
        "layout": str(document.layout),
        "letterhead": asdict(document.letterhead),
        "title_lines": document.title_lines,
        "addressees": document.addressees,
        "blocks": [_plain(block) for block in document.blocks],
        "attachments": [
            {"title": each.title, "blocks": [_plain(block) for block in each.blocks]}
            for each in document.attachments
        ],
        "signature": {
            "office": document.signature.office,
            "signed_on": document.signature.signed_on.isoformat(),
        },
        "imprint": {
            "copied_to": document.imprint.copied_to,
            "printed_by": document.imprint.printed_by,
            "printed_on": document.imprint.printed_on.isoformat(),
        },
        "remark": document.remark,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(content: str) -> str:
    """The digest (hex) of a canonical content."""
    return hashlib.sha256(content.encode()).hexdigest()


def read_content(content: str) -> OfficialDocument:
    """The document a canonical content was made of, without its verification line."""
    plain = json.loads(content)
    if plain["version"] != VERSION:
        raise ValueError(f"content version {plain['version']} is not known")
    letterhead, signature, imprint = plain["letterhead"], plain["signature"], plain["imprint"]
    return OfficialDocument(
        layout=Layout(plain["layout"]),
        letterhead=Letterhead(
            letterhead["sender"], letterhead["number"], tuple(letterhead["signers"])
        ),
        title_lines=tuple(plain["title_lines"]),
        addressees=plain["addressees"],
        blocks=_blocks(plain["blocks"]),
        attachments=tuple(
            Attachment(each["title"], _blocks(each["blocks"])) for each in plain["attachments"]
        ),
        signature=Signature(signature["office"], date.fromisoformat(signature["signed_on"])),
        imprint=Imprint(
            tuple(imprint["copied_to"]),
            imprint["printed_by"],
            date.fromisoformat(imprint["printed_on"]),
        ),
        remark=plain["remark"],
    )


def _plain(block: Block) -> dict[str, Any]:
    return {"is": _TAGS[type(block)], **asdict(block)}


def _blocks(plain: list[Mapping[str, Any]]) -> tuple[Block, ...]:
    return tuple(_block(each) for each in plain)


def _block(plain: Mapping[str, Any]) -> Block:
    match plain["is"]:
        case "paragraph":
            return Paragraph(plain["text"], plain["lead"])
        case "heading":
            return Heading(plain["level"], plain["text"])
        case "table":
            return Table(
                tuple(TableColumn(**column) for column in plain["columns"]),
                tuple(tuple(row) for row in plain["rows"]),
                plain["caption"],
            )
        case unknown:
            raise ValueError(f"no block is a {unknown}")
