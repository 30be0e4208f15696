"""The index of an evidence pack (00-目录.pdf). The same pack gives the same bytes: no clock, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.template.loader import render_to_string

from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.documents.pdf import RenderedPdf, render_pdf
from reports.archive import Member
from reports.selectors.packs import Listed

INDEX_TEMPLATE = "reports/documents/pack_index.html"
INDEX_STYLES = (
    "reports/documents/report_card.css",
    "reports/documents/progress_report.css",
    "reports/documents/pack_index.css",
)
# Beyond this a pack's index names folders alone: the sheet of hashes names every file.
LISTED = 600


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose pack it is, and how the pilot stands."""

    region_name: str
    round_title: str
    office: str
    reviewing_office: str
    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True, slots=True)
class PackIndex:
    """What the index says."""

    heading: Heading
    members: tuple[Member, ...]
    papers: tuple[Listed, ...]

    @property
    def title(self) -> str:
        """In one line."""
        return f"{self.heading.region_name}{words().pilots}证据包目录"


@dataclass(frozen=True, slots=True)
class Folder:
    """Members of one top folder; `shown` are those that are named."""

    name: str
    count: int
    shown: Sequence[tuple[str, Member]]


def render_index(index: PackIndex) -> RenderedPdf:
    """The PDF."""
    heading = index.heading
    context = {
        "index": index,
        "heading": heading,
        "folders": list(_folders(index.members)),
        "starts_on": chinese_date(heading.starts_on),
        "ends_on": chinese_date(heading.ends_on),
    }
    return render_pdf(
        render_to_string(INDEX_TEMPLATE, context),
        title=index.title,
        styles=INDEX_STYLES,
        created_on=heading.starts_on,
        author=heading.office,
        subject=heading.round_title,
    )


def _folders(members: Sequence[Member]) -> Iterator[Folder]:
    ordered = sorted(members, key=lambda member: member.path)
    for name, group in groupby(ordered, key=lambda member: member.path.partition("/")[0]):
        rows = [(member.path.partition("/")[2], member) for member in group]
        yield Folder(name, len(rows), rows if len(ordered) <= LISTED else [])
