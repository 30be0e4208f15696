"""Letters of reviewing offices: how they call writer, places and province, and how far each has come."""

from collections.abc import Iterable

from county_portal.accounts.models import Office
from county_portal.accounts.roles import Level
from county_portal.documents.enums import DraftState
from county_portal.documents.models import Draft


def territory_of(office: Office, counties: Iterable[str]) -> str:
    """廊坊市; where one office reviews what lies directly under the province, the counties' own names."""
    region = office.region
    if region is not None and region.level != Level.PROVINCE:
        return region.name
    return "、".join(counties)


def calls_itself(office: Office) -> str:
    """我局, or 我单位 for what is no bureau."""
    return "我局" if office.name.split("（")[0].endswith("局") else "我单位"


def province_office() -> Office | None:
    """The province's department, to which letters go; None in an empty register."""
    return Office.objects.filter(level=Level.PROVINCE).order_by("order", "pk").first()


# --- how far an office has come with a letter on something -------------------------------------------


def list_letter_drafts(
    offices: Iterable[int], kind: str, subjects: Iterable[str]
) -> dict[tuple[int, str], list[Draft]]:
    """Drafts of a composing kind with what became of them, newest first, by office and subject; one query."""
    drafts = Draft.objects.filter(
        office__in=list(offices), kind=kind, subject__in=list(subjects)
    ).select_related("paper", "drafted_by")
    found: dict[tuple[int, str], list[Draft]] = {}
    for draft in drafts.order_by("-drafted_at", "-pk"):
        found.setdefault((draft.office_id, draft.subject), []).append(draft)
    return found


def needs_letter(latest: Draft | None) -> bool:
    """Whether a new letter is to be drafted: none under way, none that holds."""
    if latest is None:
        return True
    if latest.paper is None:
        return latest.state == DraftState.DISCARDED
    return not latest.paper.is_valid
