import hashlib
import json

from scoring.engine.batch import score_batch
from scoring.engine.codec import (
    canonical_bytes,
    manifest_document,
    results_bytes,
    results_document,
    scheme_sha256,
    sha256_of,
)
from tests.scoring.engine.builders import bazhou, hebei_scheme, inputs


def batch():
    return score_batch(inputs(hebei_scheme(), bazhou(2020), data_year=2020), hebei_scheme())


def test_results_name_engine_years_scheme_and_every_score_with_its_flags():
    document = results_document(batch())

    county = document["counties"][0]
    assert {key: document[key] for key in document if key != "counties"} == {
        "format": "county-portal/grading-results/1",
        "engine_version": "1",
        "data_year": 2020,
        "evaluation_year": 2021,
        "scheme_sha256": scheme_sha256(hebei_scheme()),
    }
    assert {key: county[key] for key in county if key != "lines"} == {
        "code": "131081",
        "name": "霸州市",
        "total": "73.97",
        "class": "B",
        "rank": 1,
    }
    assert len(county["lines"]) == 17
    assert county["lines"][0] == {
        "indicator": "01",
        "score": "3.39",
        "flags": ["carried-forward", "forecast", "missing"],
    }


def test_scores_keep_both_places():
    scores = [line["score"] for line in results_document(batch())["counties"][0]["lines"]]

    assert [score for score in scores if len(score.partition(".")[2]) != 2] == []


def test_canonical_bytes_are_sorted_utf8_without_blanks():
    assert canonical_bytes({"b": "县", "a": [1, None]}) == '{"a":[1,null],"b":"县"}'.encode()
    assert sha256_of({}) == hashlib.sha256(b"{}").hexdigest()


def test_manifest_names_each_file_with_its_digest():
    content = results_bytes(batch())

    manifest = manifest_document({"results.json": content, "a.json": b"{}"}, {"run": "7"})

    assert manifest == {
        "format": "county-portal/run-manifest/1",
        "about": {"run": "7"},
        "files": {
            "a.json": hashlib.sha256(b"{}").hexdigest(),
            "results.json": hashlib.sha256(content).hexdigest(),
        },
    }
    assert json.loads(canonical_bytes(manifest)) == manifest


def test_manifest_without_remarks_has_an_empty_about():
    assert manifest_document({})["about"] == {}
