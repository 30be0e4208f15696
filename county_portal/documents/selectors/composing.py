"""What a draft will say once it is issued: from its fields to an official document."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from county_portal.accounts.models import User
from county_portal.documents.blocks import Attachment, Block, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.kinds import Composed, DocumentKind
from county_portal.documents.models import Draft, Register
from county_portal.documents.numbers import normalise_citations
from county_portal.documents.official import Imprint, Letterhead, OfficialDocument, Signature
from county_portal.documents.titles import break_title
from county_portal.documents.wording import read_blocks

_SEPARATORS = re.compile(r"[，；;,\n]+")
_BLANK_NAME = "　　　"


def compose_document(draft: Draft, *, day: date, signer: str = "") -> OfficialDocument:
    """The document a draft makes on a day; its number is blank until it is given."""
    register = draft.register
    return OfficialDocument(
        layout=Layout(register.layout),
        letterhead=Letterhead(register.sender, "", _signers(register, signer)),
        title_lines=title_lines(draft.title, register.issuer),
        addressees=draft.addressees.strip().rstrip("：:"),
        blocks=read_text(draft.text, draft.tables),
        signature=Signature(register.issuer, draft.dated_on or day),
        imprint=Imprint(_names(draft.copied_to), register.printed_by, day),
        attachments=tuple(
            Attachment(part["title"], read_text(part["text"], draft.tables))
            for part in draft.attachments
        ),
        remark=draft.remark.strip(),
    )


def propose(user: User, kind: DocumentKind, subject: str) -> Composed | None:
    """What a composing kind says of its subject now; None for a kind that is written freely.

    404 for a subject that is no name of anything.
    """
    if kind.compose is None:
        return None
    try:
        return kind.compose(user, subject)
    except ValidationError as error:  # what should be an id is none
        raise Http404 from error


def title_lines(title: str, issuer: str) -> tuple[str, ...]:
    """The title as it will stand."""
    return break_title(normalise_citations(title.strip()), issuer)


def read_text(text: str, tables: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a text, citations in their one spelling."""
    return read_blocks(normalise_citations(text), read_tables(tables))


def read_tables(plain: Mapping[str, Any]) -> dict[str, Table]:
    """Tables as blocks, from the JSON a draft keeps."""
    return {name: _table(each) for name, each in plain.items()}


def _table(plain: Mapping[str, Any]) -> Table:
    return Table(
        tuple(TableColumn(**column) for column in plain["columns"]),
        tuple(tuple(str(cell) for cell in row) for row in plain["rows"]),
        plain.get("caption", ""),
    )


def _signers(register: Register, signer: str) -> tuple[str, ...]:
    return (signer or _BLANK_NAME,) if register.layout == Layout.UPWARD else ()


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().rstrip("。") for name in _SEPARATORS.split(text) if name.strip())
