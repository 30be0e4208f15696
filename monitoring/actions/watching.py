"""Holding the months against targets: what is off is raised once, what is back on its way closes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, OfficeKind, Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import NotAllowed
from county_portal.common.numbers import plain
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from indicators.models import Indicator, MonthlyCall
from indicators.selectors.duties import responsible_units
from indicators.selectors.monthly import list_called
from monitoring.actions.calibrating import calibrate
from monitoring.enums import (
    WATCH_JOB,
    Severity,
    Stage,
    WarningAction,
    WarningKind,
    WarningState,
)
from monitoring.models import Warning, WarningStep  # noqa: A004 -- the word of the field
from monitoring.notifications import tell_raised
from monitoring.rules.flags import Finding
from monitoring.selectors.findings import CountyFindings, find_all, warning_settings

LEARN = "learn"
_LABELS = {
    WarningAction.RAISE: "发出预警",
    WarningAction.CHANGE: "调整程度",
    WarningAction.RECOVER: "自动解除",
}
_Key = tuple[int, str, str]  # region, indicator code, kind


@dataclass(slots=True)
class Watched:
    """What a watch did."""

    raised: int = 0
    changed: int = 0
    recovered: int = 0
    counties: int = 0
    steps: list[WarningStep] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """For the record and the job's units."""
        return {
            "counties": self.counties,
            "raised": self.raised,
            "changed": self.changed,
            "recovered": self.recovered,
        }


@transaction.atomic
def start_watch(*, actor: User, call: MonthlyCall) -> tuple[Job, bool]:
    """Begin a watch of every county of a call as a job; one already under way is returned instead."""
    if not actor.holds(Permission.FOLLOW_WARNINGS) or actor.level != Level.PROVINCE:
        raise NotAllowed
    offices = list_called(call).order_by().values_list("reviewing_office", flat=True).distinct()
    keys = [LEARN, *(str(pk) for pk in sorted(pk for pk in offices if pk))]
    order = Order(
        WATCH_JOB, f"{call.year}年监测预警测算", f"watch:{call.pk}", keys, {"call": call.pk}
    )
    return start_job(actor=actor, order=order)


@transaction.atomic
def watch(call: MonthlyCall, office_id: int | None = None) -> Watched:
    """Hold the counties of a call, or those of one reviewing office, against their targets.

    Run again on the same figures it raises nothing; of two at once the second waits and finds it done.
    """
    # No key: counties may report while it runs, a second watch may not.
    MonthlyCall.objects.select_for_update(no_key=True).get(pk=call.pk)
    regions = list_called(call).filter(reviewing_office__isnull=False)
    if office_id is not None:
        regions = regions.filter(reviewing_office=office_id)
    found = find_all(call, list(regions.select_related("reviewing_office")))
    done = _Watch(call, found).settle()
    if done.raised or done.changed or done.recovered:
        entry = Entry("watch_months", "monthly_call", str(call.public_id), done.counts)
        record(None, entry)
    new = [step for step in done.steps if step.action == WarningAction.RAISE]
    worse = [step for step in done.steps if step.action == WarningAction.CHANGE]
    tell_raised([*new, *worse], warning_settings().copies)
    return done


def watch_nightly() -> Watched:
    """Learn from the past, then watch this year's call and, until its December is in, last year's."""
    today, total = clock.today(), Watched()
    years = [today.year] if today.month > 2 else [today.year - 1, today.year]  # noqa: PLR2004 -- February
    for call in MonthlyCall.objects.filter(year__in=years).select_related("version__system"):
        calibrate(call)
        done = watch(call)
        total.raised += done.raised
        total.changed += done.changed
        total.recovered += done.recovered
        total.counties += done.counties
    return total


class _Watch:
    """One reconciliation of findings with what is open."""

    def __init__(self, call: MonthlyCall, found: Sequence[CountyFindings]) -> None:
        self.call, self.found, self.done = call, found, Watched(counties=len(found))
        self.now = clock.now()
        regions = [county.region for county in found]
        self.indicators: Mapping[str, Indicator] = {
            row.code: row for row in call.version.indicators.all()
        }
        rows = Warning.objects.filter(call=call, region__in=regions)
        rows = rows.select_related("indicator", "region", "call")
        self.open = {_key(row): row for row in rows.open().select_for_update(of=("self",))}
        self.waived = _waived(rows)
        self.offices = {
            office.region_id: office
            for office in Office.objects.filter(
                region__in=regions, level=Level.COUNTY, kind=OfficeKind.BUREAU
            )
        }

    def settle(self) -> Watched:
        """Raise, change, recover."""
        for county in self.found:
            for finding in county.findings:
                key = (county.region.pk, finding.code, str(finding.kind))
                standing = self.open.pop(key, None)
                if standing:
                    self._keep(standing, finding)
                elif self.waived.get(key, -1) < finding.month:
                    self._raise(county.region, finding)
        lines = {county.region.pk: county for county in self.found}
        for gone in self.open.values():
            self._recover(gone, lines[gone.region_id])
        return self.done

    def _raise(self, region: Region, finding: Finding) -> None:
        office = self.offices.get(region.pk)
        if office is None or region.reviewing_office is None:
            return
        units = responsible_units(self.call.version, region) if finding.code else {}
        made = Warning.objects.create(
            call=self.call,
            region=region,
            office=office,
            reviewing_office=region.reviewing_office,
            indicator=self.indicators[finding.code] if finding.code else None,
            kind=finding.kind,
            severity=finding.severity,
            state=WarningState.RAISED,
            stage=Stage.COUNTY,
            stage_since=self.now,
            due_on=clock.today() + _answer_time(finding.severity),
            month=finding.month,
            cause=finding.cause,
            facts=dict(finding.facts),
            responsible=list(units.get(finding.code, ())),
            raised_at=self.now,
        )
        self._step(made, WarningAction.RAISE, "", finding.cause)
        self.done.raised += 1

    def _keep(self, standing: Warning, finding: Finding) -> None:
        """The newest figures stand with it; another severity is a step of its own."""
        before = Severity(standing.severity)
        fresh = (str(finding.severity), finding.month, finding.cause, dict(finding.facts))
        if fresh == (standing.severity, standing.month, standing.cause, standing.facts):
            return
        standing.severity, standing.month, standing.cause, standing.facts = fresh
        standing.save(update_fields=["severity", "month", "cause", "facts"])
        if before != finding.severity:
            words = f"由“{before.label}”调整为“{finding.severity.label}”：{finding.cause}"
            self._step(standing, WarningAction.CHANGE, standing.state, words)
            self.done.changed += 1

    def _recover(self, gone: Warning, county: CountyFindings) -> None:
        source = gone.state
        gone.state, gone.closed_at = WarningState.CLOSED, self.now
        gone.closing_words, gone.due_on = _closing_words(gone, county), None
        gone.save(update_fields=["state", "closed_at", "closing_words", "due_on"])
        self._step(gone, WarningAction.RECOVER, source, gone.closing_words)
        self.done.recovered += 1

    def _step(self, warning: Warning, action: WarningAction, source: str, words: str) -> None:
        step = WarningStep.objects.create(
            warning=warning,
            actor=None,
            action=action,
            label=_LABELS[action],
            source=source,
            target=warning.state,
            severity=warning.severity,
            stage=warning.stage,
            comment=words,
            at=self.now,
        )
        self.done.steps.append(step)


def _key(row: Warning) -> _Key:
    return row.region_id, row.indicator.code if row.indicator else "", row.kind


def _waived(rows: QuerySet[Warning]) -> dict[_Key, int]:
    """Up to which month people settled a matter themselves: the same figures do not raise it again."""
    found: dict[_Key, int] = {}
    for row in rows.filter(state=WarningState.CLOSED, closed_by__isnull=False):
        found[_key(row)] = max(found.get(_key(row), 0), row.month)
    return found


def _answer_time(severity: Severity) -> timedelta:
    return timedelta(days=warning_settings().answer_days[severity])


def _closing_words(gone: Warning, county: CountyFindings) -> str:
    """With the figure that did it."""
    code = gone.indicator.code if gone.indicator else ""
    other = [each for each in county.findings if each.code == code and each.kind != gone.kind]
    turned = {WarningKind.BEHIND, WarningKind.UNREACHABLE}
    for each in other:
        if {each.kind, gone.kind} == turned:
            return f"情况有变化，已转为“{each.kind.label}”：{each.cause}"
    if gone.kind == WarningKind.MISSING:
        if any(each.latest is not None for each in county.lines):
            return "缺报的月份已补齐。"
        return "本年还没有报过月报的县（市、区）按市汇总，不逐县预警。"
    if gone.kind == WarningKind.CLASS:
        return "按最新月报测算，降档的可能已低于预警线。"
    line = next((each for each in county.lines if each.code == code), None)
    if line is None or line.latest is None:
        return "月报数已撤回，不再预警。"
    return f"{line.month}月末为{plain(line.latest)}{line.indicator.unit}，已回到正常范围。"
