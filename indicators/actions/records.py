"""What the audit record and the digest say of a submission."""

import hashlib
import json
from collections.abc import Mapping

from county_portal.audit.actions import Entry
from county_portal.common.numbers import plain
from indicators.models import Submission
from indicators.rules import CellFigure
from indicators.selectors import Content


def submission_entry(act: str, submission: Submission, detail: Mapping[str, object]) -> Entry:
    """An audit entry about a submission."""
    return Entry(
        act=act,
        kind="submission",
        object_id=str(submission.public_id),
        detail=detail,
        region_code=submission.region.code,
    )


def plain_figure(figure: CellFigure) -> dict[str, str]:
    """A figure as plain text, blanks left out."""
    content = {
        "text": figure.text,
        "number": plain(figure.number),
        "numerator": plain(figure.numerator),
        "denominator": plain(figure.denominator),
        "absence": str(figure.absence),
        "note": figure.note,
        "forecast": "是" if figure.is_forecast else "",
    }
    return {key: text for key, text in content.items() if text}


def content_document(content: Content) -> str:
    """All a county hands in as canonical JSON, independent of row ids and times."""
    document = {
        **_figures_document(content),
        "explanations": sorted(
            [finding.indicator, finding.rule, finding.sentence, finding.reason]
            for finding in content.explanations
        ),
        "approval": dict(content.approval),
    }
    return _canonical(document)


def content_digest(content: Content) -> str:
    """SHA-256 of that text."""
    return hashlib.sha256(content_document(content).encode()).hexdigest()


def figures_digest(content: Content) -> str:
    """The same of figures and evidence alone: what a county government approves."""
    return hashlib.sha256(_canonical(_figures_document(content)).encode()).hexdigest()


def _figures_document(content: Content) -> dict[str, object]:
    return {
        "values": {code: plain_figure(figure) for code, figure in content.figures.items()},
        "evidence": sorted(
            [item.kind, item.name, item.approval_number, item.file_sha256 or ""]
            for item in content.items
        ),
    }


def _canonical(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
