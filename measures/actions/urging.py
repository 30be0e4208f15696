"""Urging the units of a measure: once a day, in words."""

from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale
from measures.actions.keeping import lock_kept
from measures.actions.records import ledger_entry
from measures.enums import CLOSED
from measures.models import Urge
from measures.notifications import tell_urge


@transaction.atomic
def urge_units(*, actor: User, measure_id: UUID, words: str) -> Urge:
    """Urge them. Raises Invalid for blank words, Stale where they were urged today or nothing is open."""
    measure = lock_kept(actor, measure_id)
    if not words.strip():
        raise Invalid("words_required", "请写明催办事项和要求。", "words")
    if measure.state in CLOSED:
        raise Stale(
            "measure_closed", f"第{measure.number}条{measure.get_state_display()}，无需催办。"
        )
    last = measure.urges.order_by("-at").first()
    if last and clock.day_of(last.at) == clock.today():
        raise Stale("urged_today", f"第{measure.number}条今天已催办过，请明天再办理。")
    urge = Urge.objects.create(measure=measure, words=words.strip(), by=actor, at=clock.now())
    detail = {"words": urge.words}
    record(actor, ledger_entry("urge_measure", measure.ledger, detail, str(measure.public_id)))
    tell_urge(urge)
    return urge
