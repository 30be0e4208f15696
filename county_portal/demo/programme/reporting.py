"""The yearly progress reports of a batch: what each pilot reached, on time, late or not at all."""

from dataclasses import dataclass
from datetime import date

from applications.actions.progressing import note_progress
from applications.models import Pilot, PilotTarget
from applications.rules.achievement import Aim, achieve
from county_portal.common import clock
from county_portal.common.numbers import plain
from county_portal.demo.programme.figures import Line
from county_portal.demo.programme.setting import Setting, at, count_anew
from county_portal.demo.programme.words import one_of, said
from reports.actions.filling import ReportInput, save_report
from reports.actions.moving import ReportMove, move_report
from reports.actions.opening import open_reports
from reports.actions.summaries import publish_summary, save_summary
from reports.enums import ProgressAction
from reports.models import ProgressReport
from reports.rules.typed import LineFigure

# Per cent of a task done by each year of the term; the last year is not over when the term ends.
_DONE = (35, 70, 95)
_MISSED = "受{year}年项目推进和统计口径影响未达到年度目标，已列入下一年度重点督办。"


@dataclass(frozen=True, slots=True)
class Manners:
    """Who does not do as all others, by region code and year."""

    late: frozenset[tuple[str, int]] = frozenset()
    missing: frozenset[tuple[str, int]] = frozenset()
    returned: frozenset[tuple[str, int]] = frozenset()


class Reporting:
    """A batch's reports, year after year."""

    def __init__(self, setting: Setting, pilots: list[Pilot], manners: Manners) -> None:
        self.setting, self.pilots, self.manners = setting, pilots, manners
        self.cast = setting.cast

    def play_year(self, year: int) -> int:
        """The reports on one year, from the day they open; returns how many the province received."""
        with clock.playing(at(date(year + 1, 1, 2))):
            open_reports()
        reports = ProgressReport.objects.filter(pilot__in=self.pilots, year=year).select_related(
            "pilot__region", "pilot__application"
        )
        received = 0
        for place, report in enumerate(reports.order_by("pilot__region__code")):
            if (report.pilot.region.code, year) not in self.manners.missing:
                self._report(report, place)
                received += 1
            if place == 0:
                count_anew()
        return received

    def sum_up(self, year: int) -> None:
        """The province's summary of a year: from here on everybody reads what was reached."""
        with clock.playing(at(date(year + 1, 5, 20))):
            text = said("province", "summary").format(year=year)
            save_summary(actor=self.cast.manager, year=year, text=text)
        with clock.playing(at(date(year + 1, 5, 28))):
            publish_summary(actor=self.cast.publisher, year=year)

    def _report(self, report: ProgressReport, place: int) -> None:
        year, key = report.year + 1, (report.pilot.region.code, report.year)
        written = date(year, 4, 9) if key in self.manners.late else date(year, 3, 2 + place % 20)
        with clock.playing(at(written, place * 13)):
            self._write(report, place)
            self._move(report, ProgressAction.SUBMIT)
        if key in self.manners.returned:
            self._come_back(report, place)
        with clock.playing(at(date(year, 4, 14), place * 13)):
            self._move(report, ProgressAction.ACCEPT)
            self._move(report, ProgressAction.APPROVE)
        with clock.playing(at(date(year, 4, 24), place * 13)):
            self._move(report, ProgressAction.RECEIVE, said("province", "comment"))

    def _come_back(self, report: ProgressReport, place: int) -> None:
        year = report.year + 1
        with clock.playing(at(date(year, 3, 26))):
            self._move(report, ProgressAction.ACCEPT)
            self._move(
                report, ProgressAction.RETURN, said("city", "return"), due_on=date(year, 4, 10)
            )
        with clock.playing(at(date(year, 4, 6))):
            self._move(report, ProgressAction.SUBMIT)

    def _write(self, report: ProgressReport, place: int) -> None:
        pilot, filler = report.pilot, self.cast.filler(report.pilot)
        targets = list(
            pilot.targets.select_related("indicator").prefetch_related("years").order_by("order")
        )
        save_report(
            actor=filler,
            report_id=report.public_id,
            entered=ReportInput(
                lines={
                    target.order: reached_line(self.setting, pilot, target, report.year)
                    for target in targets
                },
                texts=_texts(place + report.year),
            ),
        )
        passed = min(report.year - pilot.starts_on.year, len(_DONE) - 1)
        for task in pilot.tasks.all():
            note_progress(
                actor=filler,
                task_id=task.public_id,
                done=min(100, _DONE[passed] + (place + task.order) % 3 * 5 - 5),
                words=one_of(place + task.order, "task_words"),
            )

    def _move(
        self,
        report: ProgressReport,
        action: ProgressAction,
        comment: str = "",
        due_on: date | None = None,
    ) -> None:
        pilot = report.pilot
        actor = self.cast.manager
        if action == ProgressAction.SUBMIT:
            actor = self.cast.lead(pilot)
        elif action != ProgressAction.RECEIVE:
            actor = self.cast.reviewer(pilot)
        move = ReportMove(action, None, comment, due_on)
        move_report(actor=actor, report_id=report.public_id, move=move)


def _texts(place: int) -> dict[str, str]:
    numbers = {"n": 20 + place % 7 * 6, "m": 2 + place % 4}
    return {
        "measures": one_of(place, "reports", "measures").format(**numbers),
        "experience": one_of(place + 1, "reports", "experience"),
        "problems": one_of(place + 2, "reports", "problems"),
        "outlook": one_of(place, "reports", "outlook"),
    }


def reached_line(setting: Setting, pilot: Pilot, target: PilotTarget, year: int) -> LineFigure:
    """What the county states of an indicator in a year, with words where the promise was not kept."""
    if target.is_qualitative:
        words = one_of(year, "reports", "qualitative", str(target.order))
        return LineFigure("", None, None, None, words)
    measured = setting.story(pilot.region).measured(line_of(setting, target, pilot), year)
    goal = next((each.number for each in target.years.all() if each.year == year), None)
    aim = Aim(target.baseline, goal, target.lower_is_better)
    is_missed = achieve(aim, measured.number).is_reached is False
    words = _MISSED.format(year=year) if is_missed else ""
    text = "" if measured.numerator is not None else plain(measured.number)
    return LineFigure(text, measured.number, measured.numerator, measured.denominator, words)


def line_of(setting: Setting, target: PilotTarget, pilot: Pilot) -> Line:
    """The row of the story a pilot's indicator is; the county's own is of its character."""
    if target.indicator is not None:
        return setting.lines[target.indicator.code]
    return setting.own_line(pilot.region)
