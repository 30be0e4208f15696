"""The programme in figures, every one read back from the database."""

from applications.enums import RECOMMENDATION_LETTER, PilotState
from applications.models import Application, Pilot, PilotRound
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Paper
from reports.enums import ProgressState
from reports.models import EvidencePack, ProgressReport


def count_programme() -> dict[str, int]:
    """Rounds, applications, letters that hold and do not, pilots, reports received, pilots that were accepted."""
    letters = Paper.objects.filter(kind=RECOMMENDATION_LETTER)
    return {
        "rounds": PilotRound.objects.count(),
        "applications": Application.objects.count(),
        "letters": letters.count(),
        "letters_void": letters.exclude(status=PaperStatus.VALID).count(),
        "selected": Pilot.objects.count(),
        "progress_reports": ProgressReport.objects.filter(state=ProgressState.RECEIVED).count(),
        "accepted": Pilot.objects.filter(state=PilotState.ACCEPTED).count(),
    }


def count_packs() -> int:
    """Pilots with an evidence pack."""
    return EvidencePack.objects.values("pilot").distinct().count()
