"""The unattended year in figures, every one read back from the database."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from county_portal.audit.selectors import list_events, verify_chain
from county_portal.common.province_checks import list_sound
from county_portal.coverage.selectors import has_goals, read_coverage
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.board import count_board
from county_portal.demo.deputies import count_deputies
from county_portal.demo.early_warning import warning_figures
from county_portal.demo.interface import count_conformance
from county_portal.demo.ledgers import count_measures
from county_portal.demo.programme.tally import count_packs, count_programme
from county_portal.demo.returns import count_answered
from county_portal.demo.story import SHOWN
from county_portal.demo.uplift import count_plans
from county_portal.demo.verified import count_documents, median_pdf_bytes
from county_portal.documents.pdf import pdf_available
from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job
from indicators.enums import WorkbookState
from indicators.models import (
    Explanation,
    Fact,
    FactClaim,
    LateOpening,
    MonthlyFigure,
    WorkbookCopy,
    WorkbookUpload,
)
from reports.models import CardFile
from scoring.archive import archive_of, problems_of
from scoring.models import GradingRun, PublishedList, ResultLine
from scoring.selectors.appeals import appeals_summary
from scoring.selectors.explained import count_explained
from scoring.selectors.robustness import robustness_summary
from scoring.selectors.runs import engine_scheme, list_complete


@dataclass(frozen=True, slots=True)
class Batches:
    """Report cards made by the worker: the first time all, the second time a few."""

    cards: int = 0
    first_seconds: float = 0.0
    second_seconds: float = 0.0

    @property
    def seconds_per_100(self) -> float | None:
        """Of the first time; None where no PDF can be made."""
        return round(self.first_seconds / self.cards * 100, 2) if self.cards else None

    @property
    def rerender_share(self) -> float | None:
        """The second time's share of the first."""
        return round(self.second_seconds / self.first_seconds, 3) if self.first_seconds else None


def summarise(
    lists: Sequence[PublishedList], seconds: Mapping[str, float], batches: Batches
) -> dict[str, object]:
    """What `summary.json` says; a corrected year counts with its correction."""
    valid = {str(published.collection.data_year): published.run for published in lists}
    last = lists[-1]
    chain = verify_chain()
    return {
        "counties": last.row_count,
        "reviewing_offices": last.collection.submissions.values("reviewing_office")
        .distinct()
        .count(),
        "classes": _classes(last.run),
        f"{SHOWN['key']}": {year: _total(run) for year, run in valid.items()},
        f"{SHOWN['key']}_cells": {year: _cells(run) for year, run in valid.items()},
        "run_digest": last.run.digest,
        "verify_run": not any(problems_of(run) for run in GradingRun.objects.all()),
        "lists": [_list_line(published) for published in lists],
        "workbooks": _workbooks(),
        "returns": count_answered(),
        "late_openings": LateOpening.objects.count(),
        "monthly_figures": MonthlyFigure.objects.count(),
        **warning_figures(),
        "facts": Fact.objects.count(),
        "facts_reused": FactClaim.objects.filter(is_reused=True).count(),
        "warnings_with_reason": Explanation.objects.count(),
        "robustness": robustness_summary(),
        **_appeals(),
        "explained_lines": sum(map(count_explained, list_complete())),
        "archive_verified": _archive_holds(last.run),
        "audit_events": chain.events,
        "audit_ok": chain.ok,
        "jobs": {
            "done": Job.objects.filter(state=JobState.DONE).count(),
            "failed": Job.objects.filter(state=JobState.FAILED).count(),
        },
        "documents": count_documents(),
        "provinces": list_sound(),
        **_coverage(),
        "pilot": count_programme(),
        "plans": count_plans(),
        "board": count_board(),
        "evidence_packs": count_packs(),
        "api_conformance": count_conformance(),
        **count_measures(),
        **count_deputies(),
        "pdf": pdf_available(),
        "pdf_bytes_median": median_pdf_bytes(),
        "pdf_seconds_per_100": batches.seconds_per_100,
        "rerender_share": batches.rerender_share,
        "report_cards": _cards(last),
        "seconds": {name: round(spent, 2) for name, spent in seconds.items()},
    }


def _coverage() -> dict[str, object]:
    """Coverage goals reached, in a province that set itself any."""
    coverage = read_coverage() if has_goals() else None
    if coverage is None:
        return {}
    reached = {each.goal.code: each.is_met for each in coverage.standings}
    shares = {each.goal.code: str(each.share) for each in coverage.standings if each.share}
    return {"coverage": {"goals": len(reached), "met": coverage.met, "shares": shares}}


def _appeals() -> dict[str, int]:
    told = appeals_summary()
    return {"appeals": told.filed, "corrections": told.corrections}


def _archive_holds(run: GradingRun) -> bool:
    """Whether the program in the run's archive, alone in an empty folder, scores it to the same."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "run.zip"
        archive.write_bytes(archive_of(run))
        with ZipFile(archive) as opened:
            opened.extract("verify.py", folder)
        command = [sys.executable, "-I", str(Path(folder) / "verify.py"), str(archive)]
        done = subprocess.run(command, check=False, capture_output=True, cwd=folder)  # noqa: S603 -- the archive's own program
        return done.returncode == 0


def _cards(published: PublishedList) -> int:
    """Counties with a card; one issued anew counts once."""
    return CardFile.objects.filter(published_list=published).values("region").distinct().count()


def _workbooks() -> dict[str, int]:
    """Workbooks that left and were written back, and the conflicting lines somebody decided."""
    applied = list_events(act="apply_workbook")
    return {
        "exported": WorkbookCopy.objects.count(),
        "imported": WorkbookUpload.objects.filter(state=WorkbookState.APPLIED).count(),
        "conflicts": sum(len(event.detail["conflicts"]) for event in applied),
    }


def _classes(run: GradingRun) -> dict[str, int]:
    """Counties in each class, best first."""
    counts = Counter(run.results.values_list("class_name", flat=True))
    return {grade.name: counts[grade.name] for grade in engine_scheme(run.scheme_version).classes}


def _total(run: GradingRun) -> str:
    return str(run.results.get(region__code=SHOWN_COUNTY).total)


def _cells(run: GradingRun) -> dict[str, str]:
    """Each indicator's score by its name in the source table."""
    names = {row.code: row.name for row in run.collection.version.indicators.all()}
    lines = ResultLine.objects.filter(result__run=run, result__region__code=SHOWN_COUNTY)
    return {names[line.indicator_code]: str(line.score) for line in lines.order_by("order")}


def _list_line(published: PublishedList) -> dict[str, object]:
    return {
        "data_year": published.collection.data_year,
        "version": published.version,
        "document_number": published.document_number,
        "correction_reason": published.correction_reason,
        "digest": published.digest,
    }
