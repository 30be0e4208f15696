"""A county's report card as a document: its page, its PDF, its digest.

Nothing here asks the database or the clock, so the same card gives the same bytes, and a card whose
digest is unchanged need not be rendered again.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string

from county_portal.common.text import chinese_date
from county_portal.documents.digest import canonical_json, content_digest
from county_portal.documents.pdf import RenderedPdf, layout_version, render_pdf
from county_portal.documents.qr import qr_code
from reports import card_charts
from reports.card_facts import CardLine, GroupScore, ReportCard
from reports.card_words import (
    class_gap,
    lead_text,
    margin_sentence,
    outlook_sentence,
    rank_change,
    reason_sentence,
    signed_points,
)
from reports.comparison_chart import MarkedScore, marked_bars
from reports.outlook import Room
from reports.score_changes import Change, what_moved

TEMPLATE = "reports/documents/report_card.html"
TEMPLATES = (TEMPLATE, *card_charts.TEMPLATES)
STYLES = ("reports/documents/report_card.css",)
_NOT_SAID = ("verification",)
_NAMED = 3  # indicators of one flag; the lines bear it too


def render_report_card(card: ReportCard) -> RenderedPdf:
    """The card as PDF; the same card gives the same bytes."""
    return render_pdf(
        report_card_html(card),
        title=card.title,
        styles=STYLES,
        created_on=card.provenance.issued_on,
        author=card.provenance.issuer,
        subject=card.provenance.run_number,
    )


def card_content(card: ReportCard) -> str:
    """What the card says, as sealed in its paper; the line that lets one verify it speaks of this text."""
    return canonical_json(card, without=_NOT_SAID)


def said_digest(card: ReportCard) -> str:
    """The sha256 (hex) of what the card says, printed on it."""
    return content_digest(card, without=_NOT_SAID)


def card_digest(card: ReportCard) -> str:
    """Changes when the content or the layout does: render again only then (sha256 hex)."""
    layout = layout_version(TEMPLATES, STYLES)
    return hashlib.sha256(f"{said_digest(card)} {layout}".encode()).hexdigest()


def report_card_html(card: ReportCard) -> str:
    """The card's page source; everything a county could have typed is escaped by the template."""
    return render_to_string(
        TEMPLATE,
        {
            "card": card,
            "digest": said_digest(card),
            "qr": qr_code(card.verification.url)
            if card.verification and card.verification.url
            else None,
            "published_on": chinese_date(card.published_on) if card.published_on else "尚未公布",
            "issued_on": chinese_date(card.provenance.issued_on),
            **presentation(card),
        },
    )


def presentation(card: ReportCard) -> dict[str, Any]:
    """What PDF and web page alike say in sentences and draw."""
    return {
        "groups": tuple(GroupRow(group, lead_text(group)) for group in card.groups),
        "line_groups": tuple(grouped_lines(card)),
        **_words(card),
        **_charts(card),
    }


def _words(card: ReportCard) -> dict[str, Any]:
    """What is said in sentences."""
    result = card.result
    moved = what_moved(card.lines, result.total, result.previous_total)
    return {
        "gap": class_gap(result.total, card.class_limits),
        "rank_change": rank_change(result.rank, result.previous_rank),
        "moved": moved,
        "changes": card_charts.change_bars(moved) if moved else None,
        "change_rows": tuple(ChangeRow(row, signed_points(row.points)) for row in moved.rows)
        if moved
        else (),
        "moved_points": signed_points(moved.points) if moved else "",
        "flag_kinds": tuple(flag_kinds(card)),
        "flag_counts": Counter(flag.kind for flag in card.flags).items(),
        "reason": reason_sentence(result, moved),
        "outlook_words": outlook_sentence(card.outlook),
        "margin_words": margin_sentence(result, card.outlook),
    }


def _charts(card: ReportCard) -> dict[str, Any]:
    result = card.result
    limits = tuple((limit.name, limit.lower) for limit in card.class_limits)
    return {
        "gauge": card_charts.gauge(result.total, result.full_marks, limits),
        "trend": card_charts.trend(
            [(year.data_year, year.total, year.class_name, year.rank) for year in card.history],
            result.full_marks,
            limits,
        ),
        "group_bars": marked_bars([_marked(group) for group in card.groups]),
        "line_bars": marked_bars([_marked(line) for line in card.lines], is_dense=True),
    }


def _marked(row: GroupScore | CardLine) -> MarkedScore:
    marks = row.marks
    return MarkedScore(
        row.name,
        row.score,
        row.weight,
        marks.class_median,
        marks.city_median,
        marks.province_mean,
    )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A row under the chart of changes."""

    change: Change
    points: str


@dataclass(frozen=True, slots=True)
class FlagKind:
    """What must be known, once, with all indicators it concerns."""

    label: str
    sentence: str
    count: int
    names: str


def flag_kinds(card: ReportCard) -> Iterator[FlagKind]:
    """Flags of one kind and sentence together, in the order they first come."""
    groups: dict[tuple[str, str], list[str]] = {}
    for flag in card.flags:
        groups.setdefault((flag.kind, flag.sentence), []).append(flag.indicator)
    for (kind, sentence), names in groups.items():
        shown = "、".join(names[:_NAMED])
        yield FlagKind(
            kind,
            sentence,
            len(names),
            shown if len(names) <= _NAMED else f"{shown}等{len(names)}项",
        )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's row in the table under the chart."""

    group: GroupScore
    lead: str  # over the province's mean, with its sign


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of one first-level group with their sum."""

    name: str
    score: Decimal
    weight: Decimal
    rows: tuple[tuple[CardLine, Room], ...]  # each line with the points still to be had on it


def grouped_lines(card: ReportCard) -> Iterator[LineGroup]:
    """Lines under their groups, in the order of the scheme."""
    pairs = zip(card.lines, card.outlook.rooms, strict=True)
    for name, members in groupby(pairs, key=lambda pair: pair[0].group):
        rows = tuple(members)
        yield LineGroup(
            name,
            sum((line.score for line, _ in rows), Decimal(0)),
            sum((line.weight for line, _ in rows), Decimal(0)),
            rows,
        )
