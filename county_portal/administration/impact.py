"""What a change of a region touches, in numbers: those who manage regions see no business row."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.enums import UNDER_WAY, ApplicationState
from applications.models import Application, Pilot
from county_portal.accounts.models import Region
from county_portal.accounts.selectors import count_people
from indicators.enums import SubmissionState
from indicators.models import Submission

_SETTLED = (
    ApplicationState.NOT_RECOMMENDED,
    ApplicationState.SELECTED,
    ApplicationState.NOT_SELECTED,
)


@dataclass(frozen=True, slots=True)
class Touched:
    """One kind of thing under way, and what becomes of it."""

    label: str
    count: int
    unit: str
    consequence: str


def impact_of(region: Region) -> Sequence[Touched]:
    """What is under way for a region; five queries."""
    offices = list(region.offices.all())
    sheets = Submission.objects.filter(region=region).exclude(state=SubmissionState.ACCEPTED)
    applications = Application.objects.filter(region=region).exclude(state__in=_SETTLED)
    pilots = Pilot.objects.filter(region=region, state__in=UNDER_WAY)
    return (
        Touched("未办结的填报表", sheets.count(), "份", "仍由原单位按原审核关系办完"),
        Touched("办理中的试点申报", applications.count(), "件", "仍按原区划办完"),
        Touched(
            "建设中的试点",
            pilots.count(),
            "个",
            "仍记在原区划名下，建设单位或审核单位变化的，请在试点页面调整办理单位",
        ),
        Touched(
            "启用的账号",
            count_people(offices),
            "个",
            "更名时随单位转入新区划；并入时请移交后停用；分设时按登记的去向",
        ),
    )
