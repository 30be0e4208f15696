"""An acceptance as it was handed in: what is done to it or noted beside it afterwards leaves it as it was."""

import json
from dataclasses import replace
from datetime import timedelta

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from applications.actions.accepting import SummaryInput, save_summary
from applications.actions.progressing import note_progress
from applications.models import AcceptanceStep
from applications.rules.acceptance import canonical_summary, digest_of, parse_summary
from applications.selectors.acceptances import read_summary
from applications.selectors.handed_in import last_handed_in, read_shown
from county_portal.common import clock
from tests.applications.test_acceptances import (
    at_province,  # noqa: F401 -- fixtures
    begun,  # noqa: F401 -- fixtures
    conclude,
    move,
    pilot,  # noqa: F401 -- fixtures
    write,
)
from tests.factories.people import signed_in

LATER = "报送之后才完成的。"


def note(people, acceptance, done=90, words=LATER):
    task = acceptance.pilot.tasks.get()
    return note_progress(actor=people.filler, task_id=task.public_id, done=done, words=words)


def rewrite(people, acceptance, work):
    acceptance.refresh_from_db()
    texts = dict.fromkeys(("work", "results", "problems", "outlook"), work)
    save_summary(
        actor=people.filler,
        acceptance_id=acceptance.public_id,
        summary=SummaryInput(acceptance.revision, texts, {}),
    )


def page_of(person, acceptance):
    address = reverse("applications:acceptance", args=[acceptance.public_id])
    return signed_in(person).get(address).content.decode()


def give_back(people, acceptance):
    due = clock.today() + timedelta(days=10)
    return move(people.manager, acceptance, "send_back", comment="请补充。", due_on=due)


def test_its_text_is_read_back_whole(people, begun):  # noqa: F811
    note(people, begun, done=40)
    write(people, begun)
    summary = read_summary(begun)

    canonical = canonical_summary(summary)
    again = parse_summary(canonical)

    assert canonical_summary(again) == canonical
    assert list(again.texts) == ["work", "results", "problems", "outlook"]
    assert again == replace(
        summary,
        lines=[replace(line, key=0) for line in summary.lines],
        files=sorted(summary.files),
    )
    assert [(task.done, task.words) for task in again.tasks] == [(40, LATER)]


def test_the_digest_is_of_what_is_kept(people, at_province):  # noqa: F811
    step = at_province.steps.get(action="submit")

    assert digest_of(step.content) == at_province.content_digest
    assert json.loads(step.content)["texts"]["work"] == "三年来认真建设。"


def test_tasks_stay_as_they_were_handed_in(people, at_province):  # noqa: F811
    before = [task.done for task in last_handed_in(at_province).summary.tasks]
    note(people, at_province)

    readers = (people.filler, people.reviewer, people.manager)
    assert [LATER in page_of(reader, at_province) for reader in readers] == [False] * 3
    decided = conclude(people, at_province)
    assert LATER not in page_of(people.filler, decided)
    assert [task.done for task in last_handed_in(decided).summary.tasks] == before == [0]
    # Only there: the pilot's own page goes on.
    assert read_summary(decided).tasks[0].done == 90


def test_the_county_sees_its_tasks_while_it_writes(people, begun):  # noqa: F811
    note(people, begun)

    assert LATER in page_of(people.filler, begun)


def test_others_read_the_last_wording_until_the_next(people, at_province):  # noqa: F811
    returned = give_back(people, at_province)
    rewrite(people, returned, "改到一半的总结。")

    for reader in (people.reviewer, people.manager):
        page = page_of(reader, returned)
        assert "改到一半的总结。" not in page
        assert "三年来认真建设。" in page
        assert "以下为第1版" in page
        assert "修改尚未报送，不在此显示" in page
    own = page_of(people.filler, returned)
    assert "改到一半的总结。" in own
    assert "以下为第1版" not in own

    move(people.lead, returned, "submit")
    page = page_of(people.reviewer, returned)
    assert "改到一半的总结。" in page
    assert "以下为第2版" in page
    assert "修改尚未报送" not in page


def test_of_a_first_draft_there_is_nothing_else_to_read(people, begun):  # noqa: F811
    rewrite(people, begun, "初稿。")
    begun.refresh_from_db()

    assert last_handed_in(begun) is None
    assert read_shown(people.reviewer, begun).summary.texts["work"] == "初稿。"


def test_a_handing_in_keeps_its_text(people, at_province):  # noqa: F811
    step = at_province.steps.get(action="submit")
    step.pk, step.content = None, ""

    refused = pytest.raises(IntegrityError, match="acceptance_step_keeps_what_was_handed_in")
    with refused, transaction.atomic():
        step.save(force_insert=True)


@pytest.fixture
def handed_in_long_ago(at_province):  # noqa: F811
    """As acceptances are that were handed in before their text was kept."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE applications_acceptancestep"
            " DROP CONSTRAINT acceptance_step_keeps_what_was_handed_in"
        )
    with pgtrigger.ignore():
        AcceptanceStep.objects.filter(acceptance=at_province).update(content="")
    return at_province


def test_without_a_kept_text_tasks_are_those_of_the_day(people, handed_in_long_ago):
    note(people, handed_in_long_ago)

    found = last_handed_in(handed_in_long_ago)

    assert (found.number, found.at) == (1, handed_in_long_ago.submitted_at)
    assert [task.done for task in found.summary.tasks] == [0]
    assert found.summary.texts["work"] == "三年来认真建设。"


def test_without_a_kept_text_what_is_rewritten_is_nobody_s(people, handed_in_long_ago):
    assert last_handed_in(give_back(people, handed_in_long_ago)) is None
