"""The canonical text of a sheet: what its digest is of, what a version keeps, what two ways of filling share."""

import json
from collections.abc import Mapping

from county_portal.common.numbers import plain
from indicators.rules import CellFigure
from indicators.selectors.sheets import Content


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
        **_figures_and_items(content),
        "explanations": sorted(
            [finding.indicator, finding.rule, finding.sentence, finding.reason]
            for finding in content.explanations
        ),
        "approval": dict(content.approval),
    }
    return _canonical(document)


def figures_document(content: Content) -> str:
    """The same of figures and evidence alone: what a county government approves."""
    return _canonical(_figures_and_items(content))


def _figures_and_items(content: Content) -> dict[str, object]:
    items = [
        [item.kind, item.name, str(item.year or ""), item.approval_number, item.file_sha256 or ""]
        for item in content.items
    ]
    return {
        "values": {code: plain_figure(figure) for code, figure in content.figures.items()},
        "evidence": sorted(items),
    }


def _canonical(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
