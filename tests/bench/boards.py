"""The first board and the file of all years against floors: bare statements, a bare table, PostgreSQL's own COPY."""

import io
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from dashboards.views.board import board
from dashboards.views.spread import history_csv

ROUNDS = 3
_ONE_YEAR = """
    SELECT p.name, r.name, l.code, l.class_name, l.previous_class, l.movement
    FROM scoring_listrow l
    JOIN accounts_region r ON r.id = l.region_id
    LEFT JOIN accounts_region p ON p.id = r.parent_id
    WHERE l.published_list_id = (SELECT max(published_list_id) FROM scoring_listrow)
    ORDER BY p.code, r.code
"""
_TABLE = """<table>{% for row in rows %}<tr>{% for cell in row %}<td class="x{{ forloop.counter }}"><a
href="?cell={{ cell }}">{{ cell }}</a></td>{% endfor %}</tr>{% endfor %}</table>"""
_ALL_YEARS = """
    SELECT l.code, l.city, l.name, l.class_name, l.rank, t.total, s.indicator_code, s.score
    FROM scoring_listrow l
    JOIN scoring_publishedlist p ON p.id = l.published_list_id AND p.state = 'published'
    JOIN scoring_result t ON t.run_id = p.run_id AND t.region_id = l.region_id
    JOIN scoring_resultline s ON s.result_id = t.id
"""


def bench() -> Iterator[str]:
    """Two lines with the ratios, best of some rounds each."""
    user = User.objects.filter(role=Role.PROVINCE_MANAGER).first()
    if user is None:
        raise SystemExit("the demonstration holds no manager")
    request = RequestFactory().get("/")
    request.user = user
    template = engines["django"].from_string(_TABLE)

    def page() -> int:
        answer = board(request)
        assert isinstance(answer, HttpResponse)
        return len(answer.content)

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute(_ONE_YEAR)
            return len(template.render({"rows": cursor.fetchall()}))

    size = page()
    ours, least = _best(page), _best(floor)
    yield (
        f"first board: {ours * 1000:.0f} ms, {size / 1024:.0f} KiB; one statement and a bare table "
        f"{least * 1000:.0f} ms, ratio {ours / least:.1f} (aimed at: ≤ 8)"
    )

    def file() -> int:
        return sum(map(len, history_csv(request)))

    def copied() -> int:
        text = io.StringIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({_ALL_YEARS}) TO STDOUT CSV", text)
        return len(text.getvalue())

    size = file()
    ours, least = _best(file), _best(copied)
    yield (
        f"file of all years: {ours * 1000:.0f} ms, {size / 1024:.0f} KiB; COPY of the same points "
        f"{least * 1000:.0f} ms, ratio {ours / least:.1f} (aimed at: ≤ 10)"
    )


def _best(work: Callable[[], int]) -> float:
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)
