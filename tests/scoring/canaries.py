"""What must never be seen outside: totals, points and figures that occur nowhere else."""

import io
import zipfile
from html import unescape

from county_portal.common.numbers import plain
from scoring.models import GradingRun, ResultLine


def canaries(run: GradingRun) -> set[str]:
    """Every total and every indicator's points of a run, as they would be printed or stored."""
    totals = run.results.values_list("total", flat=True)
    points = ResultLine.objects.filter(result__run=run).values_list("score", flat=True)
    # A whole number such as 5.00 occurs anywhere, in the geometry of a chart for one.
    telling = [score for score in (*totals, *points) if score != int(score)]
    written = {text for score in telling for text in (f"{score:.2f}", plain(score))}
    return {text for text in written if len(text) > len("0.5")}


def leaked(text: str, run: GradingRun) -> set[str]:
    """Which of them stand in a text."""
    return {canary for canary in canaries(run) if canary in text}


def text_of_workbook(content: bytes) -> str:
    """All text and numbers of a workbook, raw."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            name for name in archive.namelist() if name.startswith("xl/") and "style" not in name
        ]
        return "\n".join(unescape(archive.read(name).decode("utf-8")) for name in parts)
