"""Objects that exist only after grading: runs, lists, their counties and cards, by the real actions."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Role
from county_portal.common import clock
from county_portal.documents.enums import Layout
from county_portal.documents.models import Register
from county_portal.files.actions import keep_generated
from county_portal.jobs import runner
from indicators.models import Collection, Submission
from reports.models import CardFile
from scoring.actions.grading import RunOrder, start_run
from scoring.actions.publishing import (
    ConsentInput,
    ListInput,
    draft_list,
    publish_list,
    record_consent,
)
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.models import GradingRun, PublishedList, Scheme, SchemeVersion
from scoring.selectors.list_documents import list_settings
from tests.accounts.people import make_office, make_region, make_user
from tests.architecture.samples import Sample, open_collection, provides
from tests.scoring.acts import check_robustness

PROVIDED = {
    "panel_indicator",
    "run",
    "graded_region",
    "list",
    "published_list",
    "listed_region",
    "card",
}

SCHEME = {
    "format": "county-portal/scheme/1",
    "title": "试验方案",
    "rounding": {"places": 2, "mode": "ROUND_HALF_UP"},
    "total": "sum-of-rounded",
    "ties": "shared-rank",
    "classes": [{"name": "A", "at_least": "80"}, {"name": "B", "at_least": "0"}],
    "absence": {"missing": "zero", "not-applicable": "zero", "qualitative": "zero"},
    "indicators": [
        {
            "code": "01",
            "group": "一级",
            "name": "指标",
            "unit": "项",
            "weight": "50",
            "rule": {
                "kind": "itemised",
                "cap": "50",
                "items": [{"code": "kind", "name": "类别", "points": "1"}],
                "exclusive": [],
            },
        },
        {
            "code": "02",
            "group": "一级",
            "name": "定性",
            "unit": "",
            "weight": "50",
            "rule": {"kind": "panel", "method": "mean", "max": "50"},
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Graded:
    """A published list of two counties: the user's (or anybody's, for the province) and a stranger's."""

    published: PublishedList
    own: Region
    strange: Region


# Providers of one request must speak of the same list; users are made anew for each test.
_made: dict[UUID, Graded] = {}


def graded_for(user: User) -> Graded:
    """The list made for this user."""
    if user.public_id not in _made:
        _made.clear()
        _made[user.public_id] = _grade(user)
    return _made[user.public_id]


def _grade(user: User) -> Graded:
    reviewer = user.office if user.level == Level.CITY else make_office(Level.CITY)
    own = make_region(Level.COUNTY, reviewing_office=reviewer)
    make_office(Level.COUNTY, region=own)
    strange = make_region(Level.COUNTY, reviewing_office=make_office(Level.CITY))
    make_office(Level.COUNTY, region=strange)
    if user.level == Level.COUNTY and user.office.region:
        own = user.office.region
    collection = open_collection(user)
    collection.submissions.exclude(region__in=[own, strange]).delete()
    Submission.objects.filter(collection=collection).update(
        state="accepted", submitted_at=timezone.now(), content_digest="0" * 64
    )
    return Graded(_publish(collection), own, strange)


def _publish(collection: Collection) -> PublishedList:
    manager, publisher = make_user(Role.PROVINCE_MANAGER), make_user(Role.PROVINCE_PUBLISHER)
    order = RunOrder(collection.public_id, _scheme(collection).public_id)
    run, _ = start_run(actor=manager, order=order)
    assert run.job is not None
    runner.work(run.job.pk)
    _lend_register(publisher)
    data = ListInput(run.public_id, clock.today())
    draft = draft_list(actor=manager, data=data)
    consent = ConsentInput(clock.today(), "1号")
    record_consent(actor=manager, list_id=draft.public_id, consent=consent)
    check_robustness(manager, run)
    return publish_list(actor=publisher, list_id=draft.public_id)


def _lend_register(publisher: User) -> None:
    """What gives lists their numbers; samples of several lists share it."""
    sender = {"sender": "试验文件", "issuer": "试验", "printed_by": "试验"}
    Register.objects.get_or_create(
        prefix=list_settings().register,
        defaults={"office": publisher.office, "layout": Layout.GENERAL, **sender},
    )


def _scheme(collection: Collection) -> SchemeVersion:
    content = scheme_bytes(scheme_from_bytes(json.dumps(SCHEME).encode()))
    scheme = Scheme.objects.create(
        code=collection.version.system.code, name="试验方案", system=collection.version.system
    )
    return SchemeVersion.objects.create(
        scheme=scheme, number=1, state="locked", document=content.decode(), sha256=sha256(content)
    )


@provides("panel_indicator")
def a_panel_indicator(user: User) -> Sample:
    """The qualitative one of the collection beside it."""
    return Sample(own="02")


@provides("run")
def a_run(user: User) -> Sample:
    """Runs are the province's, all of them."""
    run = GradingRun.objects.get(pk=graded_for(user).published.run_id)
    return Sample(own=run.public_id)


@provides("graded_region")
def a_graded_region(user: User) -> Sample:
    """A county of that run."""
    return Sample(own=graded_for(user).own.public_id)


@provides("list")
def a_list(user: User) -> Sample:
    """Lists are the province's, all of them."""
    return Sample(own=graded_for(user).published.public_id)


@provides("published_list")
def a_published_list(user: User) -> Sample:
    """Everybody's: what is foreign is the county beside it."""
    published = graded_for(user).published.public_id
    return Sample(own=published, foreign=None)


@provides("listed_region")
def a_listed_region(user: User) -> Sample:
    """A county of one's own on that list, and a stranger's; none is strange to the province."""
    graded = graded_for(user)
    strange = None if user.level == Level.PROVINCE else graded.strange.public_id
    return Sample(own=graded.own.public_id, foreign=strange)


@provides("card")
def a_card(user: User) -> Sample:
    """A rendered card of one's own county, and of a stranger's."""
    graded = graded_for(user)
    strange = None if user.level == Level.PROVINCE else _card(graded, graded.strange)
    return Sample(own=_card(graded, graded.own), foreign=strange)


def _card(graded: Graded, region: Region) -> UUID:
    file = keep_generated(content=b"%PDF-1.7", name="说明书.pdf", content_type="application/pdf")
    card = CardFile.objects.create(
        published_list=graded.published,
        region=region,
        digest=file.sha256,
        file=file,
        pages=1,
        rendered_at=clock.now(),
    )
    return card.public_id
