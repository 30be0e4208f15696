"""Lists of pilots, what stands in their way, objections to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from applications.enums import ApplicationState, ListState, RoundState, Stage
from applications.models import Decision, Objection, PilotList, PilotRound
from applications.rules.deciding import DecidedRow, list_digest
from applications.selectors.letters import letters_of
from applications.selectors.recommending import Line, list_offices, read_rankings
from applications.selectors.selection import Candidate, list_candidates
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import Stale
from county_portal.common.province import words
from county_portal.common.province_files import read_province_json
from county_portal.common.text import chinese_date
from county_portal.documents.models import Register


@dataclass(frozen=True, slots=True)
class PilotListSettings:
    """How lists of pilots are published in this province, from its data file."""

    register: str  # 发文机关代字
    basis: str
    consented_by: str
    issuer: str
    addressees: tuple[str, ...]
    copied_to: tuple[str, ...]


def pilot_list_settings() -> PilotListSettings:
    """The province's."""
    return _read_settings(settings.PROVINCE)


@lru_cache
def _read_settings(province: str) -> PilotListSettings:
    data = read_province_json("pilot-list.json", province)
    return PilotListSettings(
        data["register"],
        data["basis"],
        data["consented_by"],
        data["issuer"],
        tuple(data["addressees"]),
        tuple(data["copied_to"]),
    )


def pilot_list_register() -> Register | None:
    """The register lists take their number from; None where no office keeps it."""
    return Register.objects.filter(prefix=pilot_list_settings().register, is_active=True).first()


def list_pilot_lists(user: User) -> QuerySet[PilotList]:
    """Lists those who run and decide see: all of them."""
    lists = PilotList.objects.select_related("round", "prepared_by", "published_by", "paper")
    if user.holds(Permission.RUN_PILOTS) or user.holds(Permission.DECIDE_PILOTS):
        return lists
    return lists.none()


def get_pilot_list(user: User, public_id: UUID, *, lock: bool = False) -> PilotList:
    """One of those; 404 otherwise."""
    lists = list_pilot_lists(user)
    if lock:
        lists = lists.select_for_update(of=("self",))
    return get_object_or_404(lists, public_id=public_id)


def list_withdrawn(call: PilotRound) -> list[PilotList]:
    """Earlier attempts, newest first."""
    return list(call.lists.filter(state=ListState.WITHDRAWN).select_related("prepared_by"))


def list_decisions(pilots: PilotList) -> list[Decision]:
    """Its rows by region code."""
    rows = pilots.decisions.select_related(
        "application__region__parent",
        "application__reviewing_office",
        "application__office",
        "application__round__version",
    )
    return list(rows.order_by("-is_selected", "application__region__code"))


def digest_of_list(pilots: PilotList) -> str:
    """The digest of what the list says now."""
    rows = [
        DecidedRow(
            each.application.region.code,
            each.application.region.full_name,
            each.application.reviewing_office.name,
            each.is_selected,
            each.reasons,
        )
        for each in list_decisions(pilots)
    ]
    return list_digest(pilots.round.title, pilots.starts_on, pilots.ends_on, rows)


def to_decide(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those a list decides: admitted to the panel, and failed for good."""
    return [each for each in candidates if each.stage in {Stage.PANEL, Stage.FAILED}]


def former_decisions(call: PilotRound) -> dict[int, Decision]:
    """By application, what the list drawn up last said, though it was withdrawn: nobody words it all again."""
    newest = call.lists.order_by("-prepared_at", "-pk").first()
    if newest is None:
        return {}
    return {each.application_id: each for each in newest.decisions.select_related("pilot_list")}


def mark_of(pilots: PilotList | None) -> str:
    """Of a list as a page showed it, so that nobody draws it up over a colleague's saving; blank for none."""
    return f"{pilots.public_id} {pilots.prepared_at.isoformat()}" if pilots else ""


def why_not_closed(call: PilotRound) -> Stale | None:
    """Why no list may be drawn up in the round as it stands, or None."""
    if call.state == RoundState.CLOSED:
        return None
    return Stale(
        "round_not_closed",
        f"“{call.title}”现为“{call.get_state_display()}”，申报截止后才能拟定名单。请先在批次页办理截止。",
    )


def obstacles_to_draft(call: PilotRound, candidates: Sequence[Candidate]) -> list[Stale]:
    """What stops a list from being drawn up, each naming the county or the city and the remedy."""
    found = _at_cities(call)
    for each in candidates:
        name = each.application.region.full_name
        if each.stage == Stage.UNCHECKED:
            found.append(Stale("formal_open", f"{name}的形式审查还没有结论，请先办理形式审查。"))
        due_on = each.application.correction_due_on
        if each.stage == Stage.SENT_BACK and due_on and due_on >= clock.today():
            found.append(
                Stale(
                    "correction_open",
                    f"{name}正在补正（期限{chinese_date(due_on)}），期满后或补正办结后再拟定名单。",
                )
            )
        if each.stage == Stage.PANEL and each.letter is None:
            found.append(_letter_lapsed(name))
    return found


def _at_cities(call: PilotRound) -> list[Stale]:
    """Cities that may still recommend until their day, with counties before them: the round promised them that."""
    found = []
    for ranking in read_rankings(call, list_offices(call)):
        waiting = [line.application.region.name for line in ranking.lines if _is_at_city(line)]
        if waiting and ranking.late is None:
            found.append(
                Stale(
                    "city_has_time",
                    f"{ranking.office.short_name}推荐截止{chinese_date(ranking.due_on)}，还有"
                    f"{'、'.join(waiting)}没有推荐或不予推荐。请待其办结，或期满后再拟定名单。",
                )
            )
    return found


def _is_at_city(line: Line) -> bool:
    application = line.application
    if application.state == ApplicationState.REVIEWED:
        return line.letter is None
    due_on = application.correction_due_on
    is_put_right = due_on is not None and due_on >= clock.today() and not line.is_sent_back
    return is_put_right or application.state in {
        ApplicationState.SUBMITTED,
        ApplicationState.CITY_REVIEW,
    }


def obstacles_to_list(pilots: PilotList) -> list[Stale]:
    """What stops a drafted list from going on: letters that lapsed, counties that ended, states that moved."""
    decisions = list_decisions(pilots)
    letters = letters_of([each.application for each in decisions])
    found = []
    for each in decisions:
        application, region = each.application, each.application.region
        name = region.full_name
        waits = {ApplicationState.ADMITTED, ApplicationState.REVIEWED}
        if application.state not in waits or (
            each.is_selected and application.state != ApplicationState.ADMITTED
        ):
            words = f"{name}当前为“{application.get_state_display()}”，与名单不符，请撤回名单后重新拟定。"
            found.append(Stale("candidate_moved", words))
        elif application.state == ApplicationState.ADMITTED and application.pk not in letters:
            found.append(_letter_lapsed(name))
        if each.is_selected and region.ended_on:
            ended = chinese_date(region.ended_on)
            words = f"{name}已于{ended}撤销，不能列为试点，请撤回名单后重新拟定。"
            found.append(Stale("region_ended", words))
    return [*found, *_left_open(pilots, decisions)]


def _left_open(pilots: PilotList, decisions: Sequence[Decision]) -> list[Stale]:
    """Recommended since the list was drawn up: a published list leaves nobody without a decision."""
    decided = {each.application_id for each in decisions}
    open_stages = {Stage.UNCHECKED, Stage.PANEL, Stage.FAILED}
    return [
        Stale(
            "candidate_undecided",
            f"{each.application.region.full_name}在名单拟定之后由推荐函推荐，名单没有对它作出决定，"
            "请撤回名单，办理形式审查和评审后重新拟定。",
        )
        for each in list_candidates(pilots.round)
        if each.stage in open_stages and each.application.pk not in decided
    ]


def _letter_lapsed(name: str) -> Stale:
    return Stale(
        "letter_lapsed",
        f"{name}的推荐函已经失效，请由{words().city}重新出具推荐函，或退回补正后再办理。",
    )


def list_objections(pilots: PilotList) -> list[Objection]:
    """Objections to a list, open ones first."""
    rows = pilots.objections.select_related(
        "application__region", "recorded_by", "answered_by", "file"
    )
    return sorted(rows, key=lambda each: (each.answered_at is not None, each.recorded_at))


def count_open_objections(pilots: PilotList) -> int:
    """Those nobody answered yet."""
    return pilots.objections.filter(answered_at__isnull=True).count()


def get_objection(user: User, public_id: UUID, *, lock: bool = False) -> Objection:
    """One objection to a list somebody may see; 404 otherwise."""
    rows = Objection.objects.filter(pilot_list__in=list_pilot_lists(user)).select_related(
        "pilot_list__round", "application__region", "file"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, public_id=public_id)
