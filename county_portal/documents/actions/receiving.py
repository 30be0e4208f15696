"""收文: opened by the first person of the office who reads it."""

from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.documents.models import Delivery
from county_portal.documents.selectors.received import get_delivery


@transaction.atomic
def open_delivery(*, actor: User, paper_id: UUID) -> Delivery:
    """Note who of the office opened it first, and when; nothing is written on later readings."""
    delivery = get_delivery(actor, paper_id)
    if delivery.opened_at is not None:
        return delivery
    delivery = get_delivery(actor, paper_id, lock=True)
    if delivery.opened_at is None:
        delivery.opened_at, delivery.opened_by = clock.now(), actor
        delivery.save(update_fields=["opened_at", "opened_by"])
        detail = {"number": delivery.paper.number, "office": delivery.office.name}
        record(actor, Entry("open_delivery", "paper", str(delivery.paper.public_id), detail))
    return delivery
