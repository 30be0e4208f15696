"""A study as a document: canonical JSON, numbers as text, and back."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.engine.canonical import Json, canonical_bytes
from scoring.engine.numbers import fixed, plain
from scoring.engine.types import GradeClass
from scoring.robustness.draws import Chance
from scoring.robustness.lines import Doubt
from scoring.robustness.settings import Source, StudySettings
from scoring.robustness.study import CountyStudy, Spread, Study

REPORT_FORMAT = "county-portal/robustness/1"


def report_bytes(study: Study, run_digest: str) -> bytes:
    """Equal studies give equal bytes; `run_digest` says which run was studied."""
    return canonical_bytes(
        {
            "format": REPORT_FORMAT,
            "run": run_digest,
            "generator": "PCG64",
            "seed": str(study.chance.seed),
            "draws": study.chance.draws,
            "settings": dict(study.settings.as_json()),
            "limits": [
                {"class": grade.name, "at_least": plain(grade.at_least)} for grade in study.limits
            ],
            "doubts": [_doubt_json(doubt) for doubt in study.doubts],
            "counties": [_county_json(county) for county in study.counties],
        }
    )


def _doubt_json(doubt: Doubt) -> dict[str, Json]:
    return {
        "county": doubt.county,
        "indicator": doubt.indicator,
        "sentence": doubt.sentence,
        "reference": None if doubt.reference is None else plain(doubt.reference),
    }


def _county_json(county: CountyStudy) -> dict[str, Json]:
    return {
        "code": county.code,
        "name": county.name,
        "total": fixed(county.total),
        "class": county.class_name,
        "rank": county.rank,
        "limit_class": county.limit_class,
        "limit": None if county.limit is None else plain(county.limit),
        "distance": None if county.distance is None else fixed(county.distance),
        "doubts": county.doubts,
        "boundary": county.is_boundary,
        "sources": {
            source.value: {
                "change": plain(spread.change),
                "best_rank": spread.best_rank,
                "worst_rank": spread.worst_rank,
                "low": fixed(spread.low),
                "high": fixed(spread.high),
            }
            for source, spread in county.spreads.items()
        },
    }


def read_report(text: str) -> Study:
    """Read back what `report_bytes` wrote; the text is the portal's own and is not checked again."""
    document: Mapping[str, Any] = json.loads(text)
    return Study(
        StudySettings.from_json(document["settings"]),
        Chance(int(document["seed"]), document["draws"]),
        [_county(each) for each in document["counties"]],
        [
            Doubt(each["county"], each["indicator"], each["sentence"], _number(each["reference"]))
            for each in document["doubts"]
        ],
        [GradeClass(each["class"], Decimal(each["at_least"])) for each in document["limits"]],
    )


def _county(stored: Mapping[str, Any]) -> CountyStudy:
    return CountyStudy(
        stored["code"],
        stored["name"],
        Decimal(stored["total"]),
        stored["class"],
        stored["rank"],
        stored["limit_class"],
        _number(stored["limit"]),
        _number(stored["distance"]),
        {source: _spread(stored["sources"][source.value]) for source in Source},
        stored["doubts"],
        stored["boundary"],
    )


def _spread(stored: Mapping[str, Any]) -> Spread:
    return Spread(
        Decimal(stored["change"]),
        stored["best_rank"],
        stored["worst_rank"],
        Decimal(stored["low"]),
        Decimal(stored["high"]),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
