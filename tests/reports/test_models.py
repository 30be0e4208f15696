"""Rendered cards: one row per content, never changed, never removed."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from county_portal.common import clock
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


def test_the_same_content_cannot_be_kept_twice(values):
    CardFile.objects.create(**values)

    with pytest.raises(IntegrityError, match="card_file_rendered_once"), transaction.atomic():
        CardFile.objects.create(**values)

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
