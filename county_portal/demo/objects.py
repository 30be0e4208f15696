"""What there is to look at in the demonstration, by public id: for tests and scripts that walk the pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from applications.models import Acceptance, Application, Pilot, PilotRound
from county_portal.accounts.models import User
from county_portal.demo.accounts import require_demonstration
from county_portal.jobs.models import Job
from indicators.models import Collection, EvidenceItem, Submission
from reports.models import CardFile, ProgressReport
from scoring.models import GradingRun, PublishedList


@dataclass(frozen=True, slots=True)
class DemoObject:
    """One thing a URL can name; blanks where a column means nothing for its kind."""

    kind: str
    public_id: str
    region: str = ""
    year: int | None = None
    state: str = ""


def list_objects() -> list[DemoObject]:
    """Everything, kind by kind, newest year first and by region code within."""
    require_demonstration()
    return [*_business(), *_documents(), *_programme(), *_jobs_and_users()]


def _business() -> Iterator[DemoObject]:
    for collection in Collection.objects.order_by("-data_year"):
        yield DemoObject(
            "collection",
            str(collection.public_id),
            year=collection.data_year,
            state=collection.state,
        )
    submissions = Submission.objects.order_by("-collection__data_year", "region__code")
    for row in submissions.select_related("region", "collection"):
        yield DemoObject(
            "submission",
            str(row.public_id),
            row.region.code,
            row.collection.data_year,
            row.state,
        )
    # The rest of the thousands look the same.
    items = EvidenceItem.objects.filter(file__isnull=False).order_by("pk")
    for item in items.select_related("submission__region", "submission__collection", "kind"):
        yield DemoObject(
            "evidence",
            str(item.public_id),
            item.submission.region.code,
            item.submission.collection.data_year,
            item.kind.code,
        )


def _documents() -> Iterator[DemoObject]:
    for run in GradingRun.objects.select_related("collection").order_by("-created_at"):
        yield DemoObject("run", str(run.public_id), year=run.collection.data_year, state=run.state)
    lists = PublishedList.objects.select_related("collection")
    for published in lists.order_by("-collection__data_year", "-version"):
        yield DemoObject(
            "list",
            str(published.public_id),
            year=published.collection.data_year,
            state=published.state,
        )
    cards = CardFile.objects.select_related("region", "published_list__collection")
    for card in cards.order_by("-published_list", "region__code"):
        yield DemoObject(
            "report-card",
            str(card.public_id),
            card.region.code,
            card.published_list.collection.data_year,
        )


def _programme() -> Iterator[DemoObject]:
    for call in PilotRound.objects.order_by("-year", "pk"):
        yield DemoObject("pilot-round", str(call.public_id), year=call.year, state=call.state)
    applications = Application.objects.order_by("-round__year", "region__code")
    for application in applications.select_related("region", "round"):
        yield DemoObject(
            "application",
            str(application.public_id),
            application.region.code,
            application.round.year,
            application.state,
        )
    for pilot in Pilot.objects.select_related("region", "round"):
        yield DemoObject(
            "pilot", str(pilot.public_id), pilot.region.code, pilot.round.year, pilot.state
        )
    for acceptance in Acceptance.objects.select_related("pilot__region", "pilot__round"):
        yield DemoObject(
            "acceptance",
            str(acceptance.public_id),
            acceptance.pilot.region.code,
            acceptance.pilot.round.year,
            acceptance.state,
        )
    for report in ProgressReport.objects.select_related("pilot__region"):
        yield DemoObject(
            "progress-report",
            str(report.public_id),
            report.pilot.region.code,
            report.year,
            report.state,
        )


def _jobs_and_users() -> Iterator[DemoObject]:
    for job in Job.objects.order_by("-created_at"):
        yield DemoObject("job", str(job.public_id), state=job.state)
    for user in User.objects.select_related("office__region").order_by("login"):
        region = user.office.region
        state = "active" if user.is_active else "disabled"
        yield DemoObject("user", str(user.public_id), region.code if region else "", state=state)
