"""A run's archive: everything anybody needs to grade again, with a stand-alone verifier, as one zip."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from scoring.engine.batch import score_batch
from scoring.engine.canonical import canonical_bytes
from scoring.engine.codec import (
    inputs_from_bytes,
    manifest_document,
    results_bytes,
    scheme_from_bytes,
    sha256,
)
from scoring.engine.errors import DocumentError, ScoringError
from scoring.engine.types import BatchResult
from scoring.models import GradingRun

VERIFIER = Path(__file__).resolve().parent / "verify" / "verify.py"
SUMS = "SHA256SUMS"
_UNIX = 3
_STAMP = (1980, 1, 1, 0, 0, 0)


def manifest_of(run: GradingRun, results: bytes) -> bytes:
    """The manifest: digests of inputs, scheme and results. Its own digest is the run's."""
    files = {
        "inputs.json": run.inputs.encode(),
        "scheme.json": run.scheme_version.document.encode(),
        "results.json": results,
    }
    about = {
        "collection": run.collection.title,
        "data_year": str(run.collection.data_year),
        "evaluation_year": str(run.collection.evaluation_year),
        "engine_version": run.engine_version,
        "exception_reason": run.exception_reason,
        "left_out": " ".join(run.left_out),
    }
    return canonical_bytes(manifest_document(files, about))


def regrade(run: GradingRun) -> BatchResult:
    """Score the frozen inputs again with the frozen scheme; raises the engine's errors."""
    return score_batch(
        inputs_from_bytes(run.inputs), scheme_from_bytes(run.scheme_version.document)
    )


def problems_of(run: GradingRun) -> list[str]:
    """What does not hold when a complete run is verified again, to the bit; empty if all holds."""
    if sha256(run.inputs.encode()) != run.inputs_sha256:
        return ["冻结输入的摘要不符"]
    try:
        batch = regrade(run)
    except (DocumentError, ScoringError) as error:
        return [f"冻结输入无法重新计分：{error}"]
    results, problems = results_bytes(batch), []
    if sha256(results) != run.results_sha256:
        problems.append("重新计分的结果摘要不符")
    if sha256(manifest_of(run, results)) != run.digest:
        problems.append("运行摘要不符")
    return problems + _stored_problems(run, batch)


def _stored_problems(run: GradingRun, batch: BatchResult) -> list[str]:
    """The stored rows must say what the frozen inputs give."""
    rows = {
        row.region.code: (row.total, row.class_name, row.rank)
        for row in run.results.select_related("region")
    }
    lines = {
        (code, indicator): score
        for code, indicator, score in run.results.values_list(
            "region__code", "lines__indicator_code", "lines__score"
        )
    }
    expected = {row.code: (row.total, row.class_name, row.rank) for row in batch.counties}
    expected_lines = {
        (row.code, line.indicator): line.score for row in batch.counties for line in row.lines
    }
    problems = [] if rows == expected else ["存储的县级结果与重新计分不符"]
    return problems if lines == expected_lines else [*problems, "存储的指标得分与重新计分不符"]


def archive_of(run: GradingRun) -> bytes:
    """The zip; the same run gives the same bytes, and no byte of it can change unnoticed."""
    results = results_bytes(regrade(run))
    return zipped(
        sealed(
            {
                "inputs.json": run.inputs.encode(),
                "scheme.json": run.scheme_version.document.encode(),
                "results.json": results,
                "manifest.json": manifest_of(run, results),
                "verify.py": VERIFIER.read_bytes(),
            }
        )
    )


def sealed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with their sheet of sums, as `sha256sum -c` reads it."""
    sheet = "".join(f"{sha256(content)}  {name}\n" for name, content in files.items())
    return {**files, SUMS: sheet.encode()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Stored without compression, which differs between machines, and with nothing of the machine in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = _UNIX
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()
