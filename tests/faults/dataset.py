"""A small province played by real actions: a published list of a few counties, and one collection open.

Run inside a live stack (`manage.py shell -c "from tests.faults import dataset; dataset.play(12)"`), so
that everything is written by the application's database role. Prints one line of JSON.
"""

import json
from decimal import Decimal
from typing import Any

from django.db import transaction

from county_portal.accounts.roles import Role
from county_portal.common import clock
from county_portal.demo.accounts import password_of
from county_portal.demo.cast import Cast
from county_portal.demo.load import prepare
from county_portal.demo.season import Stage
from county_portal.jobs import runner
from indicators.enums import IndicatorKind, SubmissionAction
from indicators.models import Collection, Submission
from indicators.rules import CellInput
from scoring.actions.grading import RunOrder, start_run
from scoring.actions.panel import give_panel_scores
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
)
from scoring.models import GradingRun, PublishedList
from tests.factories import sheets
from tests.scoring.acts import check_robustness

REASON = "其余县未参加本次演练。"


def play(counties: int) -> None:
    """Register, accounts, one year graded and published for a few counties, another year's collection open."""
    stage = prepare(lambda _: None, lambda job: runner.work(job.pk))
    cast = stage.counties.cast
    with transaction.atomic():
        graded = sheets.open_for_all(cast.manager, stage.version, years_ago=2)
        submissions = _hand_in(cast, graded, counties)
        _score(cast, graded)
    run = grade(cast, stage, graded)
    published = _publish(cast, run)
    with transaction.atomic():
        current = sheets.open_for_all(cast.manager, stage.version)
        for row in current.submissions.select_related("office", "region", "collection"):
            sheets.have_approved(cast.filler(row), row)
    told: dict[str, Any] = {
        "graded": str(graded.public_id),
        "scheme": str(stage.scheme_version.public_id),
        "run": str(run.public_id),
        "published": str(published.public_id),
        "counties": [row.region.code for row in submissions],
        "current": {
            row.region.code: str(row.public_id)
            for row in current.submissions.select_related("region")
        },
        "reviewers": _reviewers(cast, current),
        "passwords": {str(role): password_of(role) for role in Role},
    }
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 -- the answer


def _hand_in(cast: Cast, collection: Collection, counties: int) -> list[Submission]:
    submissions = list(
        collection.submissions.select_related(
            "collection__version", "region", "office", "reviewing_office"
        ).order_by("region__code")[:counties]
    )
    for place, row in enumerate(submissions):
        sheets.fill_whole(cast.filler(row), row, i04=CellInput(str(20 + place)))
        sheets.move(cast.lead(row), row, SubmissionAction.SUBMIT)
        sheets.move(cast.reviewer(row), row, SubmissionAction.APPROVE)
    return submissions


def _score(cast: Cast, collection: Collection) -> None:
    indicator = collection.version.indicators.get(kind=IndicatorKind.QUALITATIVE)
    reviewed = collection.submissions.filter(state="province_review")
    scores = {row.public_id: Decimal(4) for row in reviewed}
    give_panel_scores(
        actor=cast.experts[0], collection=collection, indicator=indicator, scores=scores
    )


def grade(cast: Cast, stage: Stage, collection: Collection) -> GradingRun:
    """Grade undisturbed, in this process."""
    order = RunOrder(collection.public_id, stage.scheme_version.public_id, REASON)
    run, _ = start_run(actor=cast.manager, order=order)
    assert run.job is not None
    runner.work(run.job.pk)
    run.refresh_from_db()
    assert run.digest, run.job
    return run


def _publish(cast: Cast, run: GradingRun) -> PublishedList:
    today = clock.today()
    drafted = draft_list(actor=cast.manager, data=ListInput(run.public_id, today))
    consent = ConsentInput(today, f"冀科领纪〔{today.year}〕2号")
    record_consent(actor=cast.manager, list_id=drafted.public_id, consent=consent)
    check_robustness(cast.manager, run)
    return publish_list(actor=cast.publisher, list_id=drafted.public_id)


def _reviewers(cast: Cast, collection: Collection) -> dict[str, str]:
    return {
        row.region.code: cast.reviewer(row).login
        for row in collection.submissions.select_related("region")
    }


def rendered_cards(list_id: str) -> None:
    """Print, by region code, the digest of each county's card rendered anew, in this process alone.

    Each with the code it was issued with, which is chance.
    """
    import hashlib
    from dataclasses import replace

    from county_portal.documents.selectors.papers import verification_of
    from reports.card import render_report_card
    from reports.selectors.cards import build_card

    published = PublishedList.objects.get(public_id=list_id)
    made = {}
    for issued in published.card_files.select_related("region", "paper"):
        assert issued.paper is not None
        card = build_card(published, issued.region)
        rendered = render_report_card(replace(card, verification=verification_of(issued.paper)))
        made[issued.region.code] = hashlib.sha256(rendered.content).hexdigest()
    print(json.dumps(made))  # noqa: T201 -- the answer
