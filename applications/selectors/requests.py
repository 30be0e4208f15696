"""退回要求: what the last return asks for, and what the county answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.shortcuts import get_object_or_404

from applications.enums import GIVING_BACK
from applications.models import Application, ApplicationStep, Request
from applications.selectors.applications import list_applications
from applications.selectors.guidance import GUIDED
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class ReturnPacket:
    """The last return of an application: who gave it back, with which words, and each thing it asks for."""

    application: Application
    step: ApplicationStep
    requests: Sequence[Request]

    @property
    def is_open(self) -> bool:
        """Whether the county still works on it."""
        return self.application.state in GUIDED

    @property
    def unanswered(self) -> list[Request]:
        """What has no answer yet."""
        return [request for request in self.requests if not request.answer]

    @property
    def answered_count(self) -> int:
        """How many have one."""
        return len(self.requests) - len(self.unanswered)

    @property
    def due_on(self) -> date | None:
        """Until when the county puts it right; None once it has handed in again."""
        return self.application.correction_due_on


def last_return(application: Application) -> ReturnPacket | None:
    """The packet of the last return; None for an application that never came back. Two queries."""
    step = (
        application.steps.filter(action__in=GIVING_BACK)
        .select_related("actor__office")
        .order_by("at", "pk")
        .last()
    )
    if step is None:
        return None
    requests = step.requests.select_related("answered_by").order_by("pk")
    return ReturnPacket(application, step, list(requests))


def may_answer(user: User, application: Application) -> bool:
    """Whether this person may answer what the last return asks."""
    return user.holds(Permission.APPLY) and application.state in GUIDED


def get_request(user: User, public_id: UUID, *, lock: bool = False) -> Request:
    """A request about an application the user may see; 404 otherwise."""
    requests = Request.objects.filter(step__application__in=list_applications(user)).select_related(
        "step__application__region", "step__application__round"
    )
    if lock:
        requests = requests.select_for_update(of=("self",))
    return get_object_or_404(requests, public_id=public_id)
