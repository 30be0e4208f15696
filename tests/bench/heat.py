"""The heat view of a whole province against a floor: one statement for both years, one bare table of that size."""

import time
from collections.abc import Callable, Iterator
from itertools import groupby

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from indicators.models import Collection
from indicators.views.heat import heat

ROUNDS = 3
_BOTH_YEARS = """
    SELECT s.region_id, v.indicator_id, v.number, v.numerator, v.denominator,
           w.number, w.numerator, w.denominator
    FROM indicators_submission s
    JOIN indicators_value v ON v.submission_id = s.id
    LEFT JOIN indicators_submission p ON p.region_id = s.region_id AND p.collection_id IN (
        SELECT id FROM indicators_collection WHERE data_year = %s)
    LEFT JOIN indicators_value w ON w.submission_id = p.id AND w.indicator_id = v.indicator_id
    WHERE s.collection_id = %s
    ORDER BY s.region_id, v.indicator_id
"""
_TABLE = """<table>{% for row in rows %}<tr>{% for cell in row %}<td class="x{{ forloop.counter }}"><a
href="?cell={{ cell.0 }}-{{ cell.1 }}">{{ cell.2 }}</a></td>{% endfor %}</tr>{% endfor %}</table>"""


def bench() -> Iterator[str]:
    """One line with the ratio, best of some rounds each."""
    collection = Collection.objects.order_by("-data_year").first()
    user = User.objects.filter(role=Role.PROVINCE_MANAGER).first()
    if collection is None or user is None:
        raise SystemExit("the demonstration holds no collection")
    request = RequestFactory().get("/")
    request.user = user
    template = engines["django"].from_string(_TABLE)

    def page() -> int:
        answer = heat(request, collection.public_id)
        assert isinstance(answer, HttpResponse)
        return len(answer.content)

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute(_BOTH_YEARS, [collection.data_year - 1, collection.pk])
            cells = cursor.fetchall()
        rows = [list(group) for _, group in groupby(cells, key=lambda cell: cell[0])]
        return len(template.render({"rows": rows}))

    size = page()
    ours, least = _best(page), _best(floor)
    yield (
        f"heat view {collection.submissions.count()} × 17: {ours * 1000:.0f} ms, {size / 1024:.0f} KiB; "
        f"one statement and a bare table {least * 1000:.0f} ms, ratio {ours / least:.1f} (aimed at: ≤ 4)"
    )


def _best(work: Callable[[], int]) -> float:
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)
