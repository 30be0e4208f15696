"""A progress report as a document: its page, its PDF, its digest.

Nothing here asks the database or the clock, so that the same report gives the same bytes, and one whose digest
is unchanged need not be rendered again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from applications.rules.achievement import Achievement
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.documents.digest import canonical_json, content_digest
from county_portal.documents.numbers import chinese_ordinal
from county_portal.documents.pdf import RenderedPdf, layout_version, render_pdf
from reports.enums import ProgressText
from reports.rules.progress import ProgressContent, Reading

TEMPLATE = "reports/documents/progress_report.html"
STYLES = ("reports/documents/report_card.css", "reports/documents/progress_report.css")
_BAR = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """A step with its words, as printed under 审核情况."""

    on: date
    label: str
    office: str
    person: str
    comment: str


@dataclass(frozen=True, slots=True)
class ProgressDocument:
    """Everything printed in a report."""

    content: ProgressContent
    office: str
    reviewing_office: str
    due_on: date
    submitted_on: date
    is_late: bool
    state: str
    content_sha256: str
    opinions: Sequence[Opinion] = ()

    @property
    def title(self) -> str:
        """In one line."""
        return f"{self.content.region_name}{self.content.year}年度{words().pilot_kind}建设进展报告"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, with its bar."""

    reading: Reading
    target: Decimal | None
    achievement: Achievement
    expected: Decimal | None
    bar: int


def document_digest(document: ProgressDocument) -> str:
    """Changes when what is said or how it is set does (sha256 hex)."""
    said = content_digest(document)
    return hashlib.sha256(f"{said} {layout_version((TEMPLATE,), STYLES)}".encode()).hexdigest()


def document_text(document: ProgressDocument) -> str:
    """What it says, as canonical JSON."""
    return canonical_json(document)


def render_progress(document: ProgressDocument) -> RenderedPdf:
    """The PDF; the same document gives the same bytes."""
    return render_pdf(
        progress_html(document),
        title=document.title,
        styles=STYLES,
        created_on=document.submitted_on,
        author=document.office,
        subject=document.content.round_title,
    )


def progress_html(document: ProgressDocument) -> str:
    """The page source; whatever a county typed is escaped by the template."""
    content = document.content
    rows = [_row(row, content.year) for row in content.readings]
    context = {
        "document": document,
        "content": content,
        "assessed": [row for row in rows if row.reading.is_assessed],
        "watched": [
            row for row in rows if not row.reading.is_assessed and not row.reading.is_blank
        ],
        "texts": [
            (chinese_ordinal(place), text.label, content.texts.get(text, ""))
            for place, text in enumerate(ProgressText, 1)
        ],
        "due_on": chinese_date(document.due_on),
        "submitted_on": chinese_date(document.submitted_on),
        "opinions": [(chinese_date(each.on), each) for each in document.opinions],
    }
    return render_to_string(TEMPLATE, context)


def _row(reading: Reading, year: int) -> Row:
    achievement = reading.achieved(year)
    bar = int((achievement.capped or Decimal(0)) * _BAR)
    return Row(reading, reading.target_of(year), achievement, reading.path(year), bar)
