"""Letters of recommendation as issued: which hold, and applications as the data they are bound to."""

from collections.abc import Iterable

from applications.enums import APPLICATION_DATA, RECOMMENDABLE, RECOMMENDATION_LETTER
from applications.models import Application
from county_portal.common import clock
from county_portal.documents.enums import PaperStatus
from county_portal.documents.kinds import DataKind, Source
from county_portal.documents.models import Binding, Paper


def valid_letter(application: Application) -> Paper | None:
    """The letter that recommends it and holds; None where there is none (any more)."""
    return letters_of([application]).get(application.pk)


def letters_of(applications: Iterable[Application]) -> dict[int, Paper]:
    """Letters that hold, by application; one query."""
    keys = {str(each.public_id): each.pk for each in applications}
    bindings = Binding.objects.filter(
        kind=APPLICATION_DATA,
        key__in=list(keys),
        paper__kind=RECOMMENDATION_LETTER,
        paper__status=PaperStatus.VALID,
    ).select_related("paper")
    return {keys[binding.key]: binding.paper for binding in bindings}


def source_of(application: Application) -> Source:
    """An application as it was handed in, as what a document speaks of."""
    return Source(
        APPLICATION_DATA, str(application.public_id), str(application), application.content_digest
    )


def _digest(key: str) -> str | None:
    """None while it is back at the county or not yet approved, or its unit is no more: nothing is issued then."""
    found = Application.objects.filter(public_id=key, state__in=RECOMMENDABLE).exclude(
        region__valid_to__lte=clock.today()
    )
    return found.values_list("content_digest", flat=True).first()


def _lock(key: str) -> None:
    found = Application.objects.filter(public_id=key)
    found.select_for_update().values_list("pk").first()


APPLICATION_KIND = DataKind(APPLICATION_DATA, "试点申报材料", _digest, _lock)
