"""指导意见: what a reviewing office remarks on the sections of an application while it is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404

from applications.enums import ApplicationState, Section
from applications.models import Application, Guidance
from applications.selectors.applications import list_applications
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission

# While it is the county's; what was handed in is returned instead, with what is wanted.
GUIDED = (
    ApplicationState.DRAFT,
    ApplicationState.GOVERNMENT,
    ApplicationState.READY,
    ApplicationState.RETURNED,
)
# Either side may call a remark settled.
SETTLING = (Permission.RECOMMEND, Permission.APPLY, Permission.HAND_IN)


@dataclass(frozen=True, slots=True)
class SectionGuidance:
    """The remarks on one section, those still open first, and what the reader may do with them."""

    application: Application
    section: Section
    remarks: Sequence[Guidance]
    may_write: bool
    may_settle: bool

    @property
    def open_count(self) -> int:
        """How many nobody has settled."""
        return sum(remark.settled_at is None for remark in self.remarks)


def read_guidance(user: User, application: Application, section: Section) -> SectionGuidance:
    """One section's, as `applications/_guidance.html` takes it; one query."""
    return list_guidance(user, application, [section])[0]


def list_guidance(
    user: User, application: Application, sections: Sequence[Section]
) -> list[SectionGuidance]:
    """Several sections', in this order; one query."""
    rows = list(
        application.guidance.select_related("author__office", "settled_by")
        .filter(section__in=sections)
        .order_by("written_at", "pk")
    )
    rows.sort(key=lambda row: row.settled_at is not None)
    return [
        SectionGuidance(
            application,
            Section(section),
            [row for row in rows if row.section == section],
            may_guide(user, application),
            any(user.holds(permission) for permission in SETTLING),
        )
        for section in sections
    ]


def may_guide(user: User, application: Application) -> bool:
    """Whether this person may remark on it now."""
    return user.holds(Permission.RECOMMEND) and application.state in GUIDED


def get_guidance(user: User, public_id: UUID, *, lock: bool = False) -> Guidance:
    """A remark on an application the user may see; 404 otherwise."""
    remarks = Guidance.objects.filter(application__in=list_applications(user)).select_related(
        "application__region", "application__round"
    )
    if lock:
        remarks = remarks.select_for_update(of=("self",))
    return get_object_or_404(remarks, public_id=public_id)
