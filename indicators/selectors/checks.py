"""Findings for whoever asks: one submission with unsaved figures, a whole collection, rules on trial."""

from collections.abc import Mapping

from indicators.models import Submission
from indicators.rules import CellFigure, Finding
from indicators.selectors.sheets import read_content


def evaluate(
    submission: Submission, figures_override: Mapping[str, CellFigure] | None = None
) -> list[Finding]:
    """What the rules say, in table order; figures given here stand over what is stored.

    The same rules answer on the form, in a workbook's preview and at every step of review.
    """
    return list(read_content(submission, figures=figures_override).findings)
