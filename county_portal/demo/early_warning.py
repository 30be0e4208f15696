"""Months of the published years, invented from the years' figures, and this year's warnings as they came and went."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from county_portal.common import clock
from county_portal.demo.accounts import SHOWN_COUNTY
from county_portal.demo.answers import answers_of
from county_portal.demo.cast import Cast
from county_portal.demo.chance import stream
from county_portal.demo.monthly import DUE_DAY, figures_of, fitted
from county_portal.demo.season import Stage
from county_portal.demo.seasons import shares
from county_portal.notices.actions import quiet
from indicators.actions.monthly import MonthEntry, MonthlyInput, open_call, report_months
from indicators.enums import MonthlyKind
from indicators.models import Collection, MonthlyCall, Submission, SystemVersion
from indicators.selectors.monthly import (
    CountyYear,
    list_called,
    list_monthly_indicators,
    read_county,
)
from monitoring.actions.answering import Answer, answer_warning, close_warning, urge_warning
from monitoring.actions.calibrating import calibrate
from monitoring.actions.escalating import escalate_warnings
from monitoring.actions.watching import watch
from monitoring.backtest import totals_of
from monitoring.enums import Severity, WarningKind
from monitoring.enums import Stage as Held
from monitoring.learned import from_document
from monitoring.models import Calibration, Warning  # noqa: A004 -- the word of the field
from monitoring.models.warnings import WarningQuerySet
from monitoring.selectors.projections import newest_call
from monitoring.selectors.warnings import stamp_of, warnings_summary

HISTORY_SEED = 57
NOTE = "演示数据：由年度数推算"
# Days ago: the watch, answers, the first and the second look of the timetable.
WATCHED, ANSWERED, FIRST_LOOK, URGED = 12, 9, 6, 4
_CAUSES = (
    "项目集中在四季度验收，前三季度入账较少。",
    "部分企业材料补正，认定批次顺延。",
    "年初预算安排偏低，追加资金尚未拨付。",
)
_STEPS = (
    "由科技局会同财政局逐月调度，11月底前完成拨付。",
    "县科技局逐户上门辅导，12月上旬前完成申报。",
    "已列入县政府月度调度事项，由分管副县长督办。",
)
_URGE = "请说明差距原因，明确每月推进任务，并于期限内报送措施。"
_CLOSE = "经核实，当月为集中入库，数据无误。"


def reporting(submissions: Sequence[Submission]) -> list[Submission]:
    """Whose months are played: the county shown first with its city, and the office with the most counties.

    Fewer would teach no course and no band.
    """
    shown = next(each for each in submissions if each.region.code == SHOWN_COUNTY)
    own = [each for each in submissions if each.reviewing_office_id == shown.reviewing_office_id]
    sizes = Counter(each.reviewing_office_id for each in submissions if each not in own)
    largest = min(sizes, key=lambda office: (-sizes[office], office), default=None)
    others = [each for each in submissions if each.reviewing_office_id == largest]
    return [shown, *(each for each in own if each != shown), *others]


def play_history(
    cast: Cast, version: SystemVersion, submissions: Sequence[Submission], years: Sequence[int]
) -> int:
    """Let these counties have reported the months of past years; returns how many figures.

    Each December is the year's own figure, so that the months contradict nothing that was published.
    """
    if not list_monthly_indicators(version):
        return 0
    for year in years:
        # Years behind: nobody's inbox is to hold them.
        with quiet(), clock.playing(datetime(year, 1, 6, 9, tzinfo=clock.BEIJING)):
            call = open_call(actor=cast.manager, version=version, year=year, due_day=DUE_DAY)
        with quiet(), clock.playing(datetime(year + 1, 1, 9, 9, tzinfo=clock.BEIJING)):
            called = {region.pk: region for region in list_called(call)}
            for submission in submissions:
                if submission.region_id in called:
                    past = read_county(call, called[submission.region_id])
                    entered = MonthlyInput(past.fingerprint, _months(past))
                    report_months(
                        actor=cast.filler(submission), call_id=call.public_id, entered=entered
                    )
    return sum(call.figures.count() for call in MonthlyCall.objects.filter(year__in=years))


def _months(past: CountyYear) -> list[MonthEntry]:
    year, region = past.call.year, past.region
    ends = figures_of(answers_of(region, year))
    entries = []
    for line in past.lines:
        indicator = line.indicator
        end, before = ends.get(indicator.code), line.proposed
        is_flow = indicator.monthly == MonthlyKind.FLOW
        if end is None or (before is None and not is_flow):
            continue
        number = start = end * 0 if is_flow or before is None else before
        chance = stream(HISTORY_SEED, int(region.code), year, indicator.order)
        for month, share in enumerate(shares(indicator.code, chance), 1):
            number += (end - start) * share
            shown = end if month == 12 else number  # noqa: PLR2004 -- December is the year
            note = NOTE if month == 12 else ""  # noqa: PLR2004 -- December is the year
            entries.append(MonthEntry(indicator.code, month, fitted(indicator, shown), note))
    return entries


def play_early_warning(stage: Stage, collection: Collection, years: Sequence[int]) -> None:
    """Months of past years for the counties that report this year's, then this year's warnings."""
    counties = reporting(
        list(collection.submissions.select_related("region").order_by("region__code"))
    )
    cast = stage.counties.cast
    with stage.timed("warnings"):
        figures = play_history(cast, stage.version, counties, years)
        if figures:
            stage.say(
                f"往年月报：{len(counties)}县{len(years)}年共{figures}个数（由年度数推算，虚构）"
            )
        offices = sorted({each.reviewing_office_id for each in counties})
        EarlyWarning(cast, offices, stage.say).play()


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """This year's warnings, and what was done about them."""

    cast: Cast
    # Reviewing offices whose counties report; the night watches the others, too.
    offices: Sequence[int]
    say: Callable[[str], object]

    def play(self) -> None:
        """Watch, answer most, let the timetable take the rest up, settle one; nothing without a call."""
        call = newest_call(clock.today().year)
        if call is None or not call.figures.exists():
            return
        with clock.playing(_days_ago(WATCHED)):
            kept = calibrate(call)
            for office_id in self.offices:
                watch(call, office_id)
        with clock.playing(_days_ago(ANSWERED)):
            self._answer()
            self._settle()
        with clock.playing(_days_ago(FIRST_LOOK)):
            escalate_warnings()
        with clock.playing(_days_ago(URGED)):
            self._urge()
        escalate_warnings()
        told = warnings_summary()
        self.say(
            f"监测预警：以{kept.samples}个县年的月报回测，发出预警{told.raised}条，"
            f"县级已说明{told.answered}条，转省级督办{told.escalated}条，已解除{told.closed}条"
        )

    def _answer(self) -> None:
        """All grave ones but the last two, and every third of the others."""
        grave = list(_open().filter(severity=Severity.SEVERE))
        others = list(_open().exclude(severity=Severity.SEVERE))
        for place, warning in enumerate([*grave[:-2], *others[::3]]):
            answer = Answer(
                _CAUSES[place % len(_CAUSES)],
                _STEPS[place % len(_STEPS)],
                clock.today() + timedelta(days=20),
                stamp_of(warning),
            )
            filler = self.cast.filler(warning)
            answer_warning(actor=filler, warning_id=warning.public_id, answer=answer)

    def _settle(self) -> None:
        """A jump that was checked and is none."""
        found = _open().filter(kind=WarningKind.JUMP).first() or _open().last()
        if found is not None:
            close_warning(
                actor=self.cast.reviewer(found),
                warning_id=found.public_id,
                words=_CLOSE,
                seen=stamp_of(found),
            )

    def _urge(self) -> None:
        """The city asks about all it was handed but one."""
        for warning in list(_open().filter(stage=Held.CITY).order_by("pk"))[1:]:
            urge_warning(
                actor=self.cast.reviewer(warning),
                warning_id=warning.public_id,
                words=_URGE,
                seen=stamp_of(warning),
            )


def _open() -> WarningQuerySet:
    rows = Warning.objects.open().select_related("region", "indicator", "call")
    return rows.order_by("region__code", "pk")


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def warning_figures() -> Mapping[str, object]:
    """What `summary.json` says: warnings ever raised; the back-test's mean errors, in per cent of the year's figure."""
    kept = Calibration.objects.order_by("-call__year").first()
    totals = totals_of(from_document(kept.content).cells) if kept else None
    return {
        "warnings_raised": warnings_summary().raised,
        "backtest": {
            "mae": str(totals.ours),
            "baseline_mae": str(totals.naive),
            "straight_mae": str(totals.straight),
            "last_year_mae": str(totals.before),
            "coverage": None if totals.coverage is None else str(totals.coverage),
            "unit": "%",
        }
        if totals
        else None,
    }
