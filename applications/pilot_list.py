"""The list of pilots as a 通知 with the list attached. Finished facts in, a document out; no rows, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Attachment, Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.official import Imprint, Letterhead, OfficialDocument, Signature
from county_portal.documents.titles import break_title
from county_portal.documents.wording import fill_template, read_blocks

TEMPLATE = "pilot_list.txt"


@dataclass(frozen=True, slots=True)
class ListedPilot:
    """A pilot as the list names it."""

    name: str
    city: str


@dataclass(frozen=True, slots=True)
class PilotListDocument:
    """Everything the 通知 says."""

    round_name: str
    unit: str  # what applied in the round: 县（市、区） or 乡镇（街道）
    basis: str
    consented_by: str
    consent_on: date
    notice_from: date
    notice_until: date
    years: int
    starts_on: date
    ends_on: date
    published_on: date
    pilots: Sequence[ListedPilot]  # in the order of the list
    sender: str
    issuer: str
    printed_by: str
    addressees: Sequence[str]
    copied_to: Sequence[str]


def official_pilot_list(document: PilotListDocument) -> OfficialDocument:
    """The document; its number is given when it is issued."""
    text = fill_template(
        TEMPLATE,
        {
            "basis": document.basis,
            "round": document.round_name,
            "unit": document.unit,
            "count": str(len(document.pilots)),
            "consented_by": document.consented_by,
            "consent_on": document.consent_on,
            "notice_from": document.notice_from,
            "notice_until": document.notice_until,
            "years": str(document.years),
            "starts_on": chinese_date(document.starts_on),
            "ends_on": chinese_date(document.ends_on),
        },
    )
    # Widths in characters: what the longest name of a county and of a city needs.
    columns = (
        TableColumn("序号", 4, "center"),
        TableColumn(document.unit, 14),
        TableColumn("推荐单位", 10),
    )
    rows = tuple(
        (str(place), pilot.name, pilot.city) for place, pilot in enumerate(document.pilots, 1)
    )
    return OfficialDocument(
        layout=Layout.GENERAL,
        letterhead=Letterhead(document.sender, ""),
        title_lines=break_title(
            f"{document.issuer}关于公布{document.round_name}名单的通知", document.issuer
        ),
        addressees="，".join(document.addressees),
        blocks=read_blocks(text, {}),
        attachments=(Attachment(f"{document.round_name}名单", (Table(columns, rows),)),),
        signature=Signature(document.issuer, document.published_on),
        imprint=Imprint(tuple(document.copied_to), document.printed_by, document.published_on),
        verification=None,
    )
