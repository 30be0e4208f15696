"""Trying a scheme on past years: what is refused, what the report says, who reads it."""

import io
import json
import random
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from scoring.actions.rehearsals import start_rehearsal
from scoring.engine.codec import (
    inputs_from_bytes,
    scheme_bytes,
    scheme_from_bytes,
    scheme_sha256,
    sha256,
)
from scoring.engine.types import (
    Absence,
    CountyFigures,
    Figure,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    PiecewiseRule,
)
from scoring.enums import StudyState
from scoring.models import GradingRun, Rehearsal, SchemeVersion
from scoring.rehearsal import rehearse
from scoring.selectors.runs import engine_scheme
from tests.factories.people import signed_in
from tests.scoring.test_decomposition import SCHEME, frozen, simple, simple_county, some_counties

D = Decimal


def draft_of(version, people, change):
    """A draft after `version`, its document changed."""
    document = json.loads(version.document)
    change(document)
    text = scheme_bytes(scheme_from_bytes(json.dumps(document))).decode()
    return SchemeVersion.objects.create(
        scheme=version.scheme,
        number=version.number + 1,
        state="draft",
        document=text,
        sha256=sha256(text.encode()),
        created_by=people.manager,
    )


def lower_limit(document):
    document["classes"][1]["at_least"] = "40"


def done(people, version):
    made, _ = start_rehearsal(actor=people.manager, version_id=version.public_id)
    runner.work(made.job_id)
    return Rehearsal.objects.get(pk=made.pk)


# What the report says, by pure values


def test_same_scheme_changes_nobody():
    inputs = frozen(some_counties(random.Random(1), 6))
    report = rehearse(inputs, SCHEME, SCHEME)

    assert (report["changed"], report["refused"], report["counties"]) == ([], [], 6)
    assert report["classes"][0] == report["classes"][1]


def test_added_indicator_is_missing_and_dropped_one_is_said():
    old, new = simple(["01", "02"]), simple(["02", "03"])
    inputs = frozen([simple_county(["01", "02"])], old)

    report = rehearse(inputs, old, new)

    assert (report["added"], report["dropped"]) == (["03 指标03"], ["01 指标01"])
    assert report["refused"] == []


def test_county_that_cannot_be_scored_is_named_with_the_reason():
    old = simple(["01", "02"], itemised=("01",))
    kinds = (ItemKind("new", "新类", D(4)),)
    new = replace(
        old, indicators=(replace(old.indicators[0], rule=ItemisedRule(D(10), kinds)), old.indicators[1])
    )  # fmt: skip
    own = Figure("02", simple_county(["02"]).figures[0].measure)
    full = CountyFigures("130001", "甲县", (Figure("01", Measure(items=(Item("k", "某项"),))), own))
    empty = CountyFigures("130002", "乙县", (Figure("01", absence=Absence.MISSING), own))

    report = rehearse(frozen([full, empty], old), old, new)

    (refused,) = report["refused"]
    assert (refused["code"], refused["name"], refused["indicator"]) == ("130001", "甲县", "指标01")
    assert refused["reason"]
    assert sum(count for _, count in report["classes"][1]) == 1


def test_differences_stand_biggest_first_and_sum_to_the_total():
    halves = tuple(_halved(each) for each in SCHEME.indicators)
    tried = replace(SCHEME, indicators=halves)
    inputs = frozen(some_counties(random.Random(4), 8))

    report = rehearse(inputs, SCHEME, tried)

    assert report["changed"]
    for county in report["changed"]:
        sizes = [abs(D(line["difference"])) for line in county["lines"]]
        assert sizes == sorted(sizes, reverse=True)
        assert sum(D(line["difference"]) for line in county["lines"]) == D(county["difference"])
        assert D(county["total"][1]) - D(county["total"][0]) == D(county["difference"])


def _halved(indicator: Indicator) -> Indicator:
    if not isinstance(indicator.rule, PiecewiseRule) or indicator.code > "05":
        return indicator
    bands = tuple(
        replace(band, points_start=band.points_start / 2, points_end=band.points_end / 2)
        for band in indicator.rule.bands
    )
    return replace(
        indicator, weight=indicator.weight / 2, rule=replace(indicator.rule, bands=bands)
    )


# From the press to the page


def test_rehearsal_of_a_draft_from_start_to_workbook(people, run, scheme):
    draft = draft_of(scheme, people, lower_limit)
    before = GradingRun.objects.values_list("digest", "results_sha256").get()
    manager = signed_in(people.manager)

    answer = manager.post(reverse("scoring:rehearsals"), {"version": str(draft.public_id)})

    made = Rehearsal.objects.get()
    assert answer.url == reverse("scoring:rehearsal", args=[made.public_id])
    waiting = manager.get(answer.url)
    assert (waiting.context["is_complete"], waiting.context["years"]) == (False, [])
    book = reverse("scoring:rehearsal_workbook", args=[made.public_id])
    assert manager.get(book).status_code == HTTPStatus.CONFLICT
    again, is_new = start_rehearsal(actor=people.manager, version_id=draft.public_id)
    assert (again, is_new) == (made, False)

    # The draft moves on before the worker comes: what was taken down is tried.
    SchemeVersion.objects.filter(pk=draft.pk).update(document="{}", sha256="0" * 64)
    runner.work(made.job_id)

    made.refresh_from_db()
    assert (made.state, sha256(made.report.encode())) == (StudyState.COMPLETE, made.digest)
    (year,) = json.loads(made.report)["years"]
    assert year["run_digest"] == before[0]
    assert {county["class"][1] for county in year["changed"]} == {"B"}
    assert GradingRun.objects.values_list("digest", "results_sha256").get() == before

    page = manager.get(answer.url)
    assert "方案已有改动" in page.content.decode()
    assert "因分档线变化" in page.content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(manager.get(book).content)).active
    codes = {row[0] for row in sheet.iter_rows(values_only=True)}
    assert {county["code"] for county in year["changed"]} <= codes

    for person in (people.checker, people.publisher, people.lead, people.reviewer, people.expert):
        client = signed_in(person)
        assert client.get(answer.url).status_code == HTTPStatus.FORBIDDEN
        assert client.post(reverse("scoring:rehearsals")).status_code == HTTPStatus.FORBIDDEN
        with pytest.raises(NotAllowed):
            start_rehearsal(actor=person, version_id=draft.public_id)
    for name in ("rehearsal", "rehearsal_progress", "rehearsal_workbook"):
        unknown = manager.get(reverse(f"scoring:{name}", args=[uuid4()]))
        assert unknown.status_code == HTTPStatus.NOT_FOUND


def test_what_cannot_be_tried_is_refused(people, scheme):
    with pytest.raises(Stale, match="还没有已完成的评价"):
        start_rehearsal(actor=people.manager, version_id=scheme.public_id)

    draft = draft_of(scheme, people, lower_limit)
    SchemeVersion.objects.filter(pk=draft.pk).update(document='{"format": "nonsense"}')
    with pytest.raises(Invalid) as refusal:
        start_rehearsal(actor=people.manager, version_id=draft.public_id)
    assert (refusal.value.code, refusal.value.field) == ("scheme_has_faults", "version")

    manager = signed_in(people.manager)
    for chosen in ("", "nonsense", str(uuid4())):
        page = manager.post(reverse("scoring:rehearsals"), {"version": chosen})
        assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = manager.post(reverse("scoring:rehearsals"), {"version": str(draft.public_id)})
    assert "还不能试算" in page.content.decode()
    assert not Rehearsal.objects.exists()


def test_rehearsed_original_equals_the_run(people, run, scheme):
    """The same text again: nobody moves, so the report starts from what was graded."""
    made = done(people, scheme)

    (year,) = json.loads(made.report)["years"]
    assert (year["changed"], year["counties"]) == ([], run.results.count())
    graded = engine_scheme(run.scheme_version)
    assert inputs_from_bytes(run.inputs).scheme_sha256 == scheme_sha256(graded)
