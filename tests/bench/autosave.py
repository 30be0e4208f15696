"""Autosave of one cell through its view against a floor, both through the same client, in turn.

The floor is an authenticated POST whose view does nothing but one SQL upsert of the value and one SQL insert
into the audit record, in a transaction, and answers two words: no permission, no jurisdiction, no reading of
the figure, no lock, no chain, no rules, no forecast, no pieces of the page. Everything is rolled back.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from county_portal import urls as portal_urls
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common.access import Audience, page
from indicators.enums import EDITABLE, CollectionState
from indicators.models import Submission
from indicators.rules import typed_of
from indicators.selectors import figure_of, get_submission, why_not_fillable

ROUNDS = 40
CODE = "04"

UPSERT = """
INSERT INTO indicators_value (submission_id, indicator_id, text, number, absence, note, status,
                              updated_by_id, updated_at)
SELECT %(submission)s, i.id, %(text)s, %(text)s::numeric, '', '', 'self', %(user)s, now()
FROM indicators_submission s
JOIN indicators_collection c ON c.id = s.collection_id
JOIN indicators_indicator i ON i.version_id = c.version_id AND i.code = %(code)s
WHERE s.id = %(submission)s
ON CONFLICT (submission_id, indicator_id)
DO UPDATE SET text = EXCLUDED.text, number = EXCLUDED.number, updated_at = EXCLUDED.updated_at
"""
RECORD = """
INSERT INTO audit_event (serial, at, actor_id, actor_login, actor_role, actor_office, act, kind, object_id,
                         region_code, detail, previous_digest, digest)
SELECT COALESCE(MAX(serial), 0) + 1, now(), %(user)s, '', '', '', 'save_values', 'submission', '', '',
       jsonb_build_object('04', %(text)s), '', md5(random()::text) FROM audit_event
"""


@page(Audience.SIGNED_IN, methods="POST")
def bare_saving(request: HttpRequest) -> HttpResponse:
    """The floor's view."""
    values = {
        "submission": request.POST["submission"],
        "text": request.POST["text"],
        "code": CODE,
        "user": request.user.pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        cursor.execute(RECORD, values)
    return JsonResponse({"outcome": "saved"})


urlpatterns = [*portal_urls.urlpatterns, path("floor/", bare_saving, name="floor")]


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds of both."""

    floor: float
    autosave: float

    @property
    def ratio(self) -> float:
        """Autosave over floor."""
        return self.autosave / self.floor


def measure() -> Measured:
    """Save the same cell again and again, with another figure each time."""
    user, submission = _somebody_filling()
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    floor: list[float] = []
    autosave: list[float] = []
    # As the page's script: it says what it shows already.
    marks: dict[str, str] = {}
    with override_settings(ROOT_URLCONF=__name__), transaction.atomic():
        for number in range(ROUNDS):
            started = time.perf_counter()
            answer = _floor(client, submission, number)
            floor.append(time.perf_counter() - started)
            _require_saved(answer)
            base = _base(submission)
            shown = base, " ".join(marks.values())
            started = time.perf_counter()
            answer = _autosave(client, submission, number, shown)
            autosave.append(time.perf_counter() - started)
            _require_saved(answer)
            marks |= {code: piece["mark"] for code, piece in answer.json()["cells"].items()}
        transaction.set_rollback(True)
    return Measured(statistics.median(floor[1:]), statistics.median(autosave[1:]))


def _somebody_filling() -> tuple[User, Submission]:
    rows = Submission.objects.filter(
        state__in=EDITABLE, collection__state=CollectionState.OPEN, values__indicator__code=CODE
    ).select_related("collection", "office")
    for row in rows:
        users = [user for user in row.office.users.all() if user.holds(Permission.FILL)]
        if users and why_not_fillable(row) is None:
            return users[0], get_submission(users[0], row.public_id)
    raise SystemExit("the demonstration holds nothing to be filled")


def _base(submission: Submission) -> str:
    value = submission.values.get(indicator__code=CODE)
    return typed_of(figure_of(value)).fingerprint


def _require_saved(answer: Any) -> None:
    if answer.status_code != 200 or b'"outcome": "saved"' not in answer.content:
        raise AssertionError(f"not saved: {answer.status_code} {answer.content[:200]!r}")


def _floor(client: Client, submission: Submission, number: int) -> Any:
    return client.post("/floor/", {"submission": submission.pk, "text": str(1000 + number)})


def _autosave(client: Client, submission: Submission, number: int, shown: tuple[str, str]) -> Any:
    base, seen = shown
    address = reverse("indicators:cell_save", args=[submission.public_id, CODE])
    figure = {f"v-{CODE}": str(2000 + number), f"m-{CODE}": "actual"}
    data = {f"b-{CODE}": base, "seen": seen, **figure}
    return client.post(address, data, headers={"accept": "application/json"})
