"""Published lists and their cards, made through the real actions."""

from county_portal.jobs import runner
from county_portal.jobs.models import Job
from indicators.enums import SubmissionAction
from reports.actions.cards import start_batch
from reports.selectors.cards import build_card
from scoring.models import PublishedList
from scoring.selectors.lists import list_published
from tests.factories.people import People
from tests.factories.sheets import add_item, move, open_for_all, submission_of, submit
from tests.scoring.acts import grade, hand_in_all, publish, score

EXCEPTION = "其余县因机构改革不能按时填报，经厅务会同意先行评价。"
BAZHOU, CHANGAN, JINGXING, XINJI = "131081", "130102", "130121", "130181"


def graded_year(people, version, scheme, *, years_ago=1, strong=(), best=(), number=1):
    """One year from the first figure to the published list."""
    collection = open_for_all(people.manager, version, years_ago=years_ago)
    hand_in_all(people, collection, strong=strong, best=best)
    score(people.expert, collection)
    return published_from(people, grade(people, collection, scheme), number)


def published_from(people, run, number=1, reason="") -> PublishedList:
    """A list published from a run, as pages read it."""
    return list_published().get(pk=publish(people, run, number, reason).pk)


def graded_alone(people, version, scheme, answers=None, items=(), years_ago=1):
    """霸州 alone, with these answers and items (kind, name, more)."""
    collection = open_for_all(people.manager, version, years_ago=years_ago)
    submission = submission_of(collection, BAZHOU)
    for kind, name, *rest in items:
        add_item(people.lead, submission, name, kind=kind, **(rest[0] if rest else {}))
    submit(people.lead, submission, **(answers or {}))
    move(people.reviewer, submission, SubmissionAction.APPROVE)
    run = grade(people, collection, scheme, EXCEPTION)
    return published_from(people, run, years_ago)


def region_of(published, code):
    """A county of the list."""
    return published.rows.select_related("region").get(code=code).region


def card_of(published, code=BAZHOU):
    """The card of one of its counties."""
    return build_card(published, region_of(published, code))


def line_of(card, number):
    """One of the card's lines by its number."""
    return next(line for line in card.lines if line.number == number)


def batch(people: People, published: PublishedList) -> Job:
    """The batch of a list, done by a worker."""
    job, _ = start_batch(actor=people.manager, list_id=published.public_id)
    runner.work(job.pk)
    return Job.objects.get(pk=job.pk)
