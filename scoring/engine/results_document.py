"""What a run publishes of its results, and the manifest that binds a run's files together."""

from collections.abc import Mapping

from scoring.engine.canonical import Json, sha256
from scoring.engine.numbers import fixed
from scoring.engine.types import BatchResult, CountyResult

RESULTS_FORMAT = "county-portal/grading-results/1"
MANIFEST_FORMAT = "county-portal/run-manifest/1"


def results_document(batch: BatchResult) -> dict[str, Json]:
    """The results as a document, counties by rank; scores keep their places ("6.80")."""
    return {
        "format": RESULTS_FORMAT,
        "engine_version": batch.engine_version,
        "data_year": batch.data_year,
        "evaluation_year": batch.evaluation_year,
        "scheme_sha256": batch.scheme_sha256,
        "counties": [_county_json(county) for county in batch.counties],
    }


def _county_json(county: CountyResult) -> dict[str, Json]:
    return {
        "code": county.code,
        "name": county.name,
        "total": fixed(county.total),
        "class": county.class_name,
        "rank": county.rank,
        "lines": [
            {
                "indicator": line.indicator,
                "score": fixed(line.score),
                "flags": [flag.value for flag in sorted(line.flags)],
            }
            for line in county.lines
        ],
    }


def manifest_document(
    files: Mapping[str, bytes], about: Mapping[str, str] | None = None
) -> dict[str, Json]:
    """Name every file of a run with its SHA-256; `about` says in free words which run it was."""
    return {
        "format": MANIFEST_FORMAT,
        "about": dict(about or {}),
        "files": {name: sha256(files[name]) for name in sorted(files)},
    }
