"""Rendered cards: one row per content, never changed, never removed."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from county_portal.common import clock
from county_portal.documents.actions.issuing import keep_paper
from county_portal.documents.models import Paper
from county_portal.files.actions import keep_generated
from reports.models import CardFile
from tests.reports.acts import region_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def values(published):
    """What a row needs."""
    file = keep_generated(content=b"%PDF-1.7", name="a.pdf", content_type="application/pdf")
    return {
        "published_list": published,
        "region": region_of(published, "131081"),
        "digest": "d" * 64,
        "file": file,
        "pages": 3,
        "rendered_at": clock.now(),
    }


def test_a_paper_has_one_file(people, published, values):
    """The same content may be issued again once its paper no longer holds; a paper is one file."""
    paper = keep_paper(
        actor=people.publisher,
        paper=Paper(
            kind="report_card",
            title="得分说明书",
            issuer="河北省科学技术厅",
            office=people.publisher.office,
            number="冀科领〔2021〕1号-131081",
            issued_on=published.publish_on,
            content="{}",
        ),
        sources=(),
    )
    CardFile.objects.create(**values, paper=paper)

    with pytest.raises(IntegrityError, match="reports_cardfile_paper_id"), transaction.atomic():
        CardFile.objects.create(**values | {"digest": "e" * 64}, paper=paper)

    CardFile.objects.create(**values | {"digest": "e" * 64})
    assert CardFile.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_cardfile SET pages = 9",
        "DELETE FROM reports_cardfile",
        "TRUNCATE reports_cardfile",
    ],
)
def test_a_card_is_never_changed_or_removed(values, statement):
    made = CardFile.objects.create(**values)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE would wait for them
        with pytest.raises(InternalError, match="append_only"), transaction.atomic():
            cursor.execute(statement)

    assert str(CardFile.objects.get()) == f"{made.region_id} dddddddddddd"
    assert CardFile.objects.get().pages == 3
