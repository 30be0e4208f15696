"""Publishing a list of pilots: a second person, after the notice, in one transaction with all that follows from it."""

from uuid import UUID

from django.db import transaction

from applications.actions.beginning import begin_pilot
from applications.actions.deciding import list_entry
from applications.actions.moving import Move, move_application
from applications.enums import (
    PILOT_LIST_PAPER,
    ApplicationAction,
    ListState,
    RoundState,
)
from applications.models import Decision, PilotList, PilotRound
from applications.pilot_list import official_pilot_list
from applications.selectors.applications import get_round
from applications.selectors.deciding import (
    count_open_objections,
    digest_of_list,
    get_pilot_list,
    list_decisions,
    obstacles_to_list,
    pilot_list_register,
    pilot_list_settings,
)
from applications.selectors.list_bound import pilot_list_document, source_of_list
from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.audit.actions import record
from county_portal.audit.selectors import list_hands
from county_portal.common import clock
from county_portal.common.errors import NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.documents.actions.issuing import Issue, issue_paper
from county_portal.documents.models import Paper
from county_portal.documents.notifications import tell_delivery


@transaction.atomic
def publish_pilot_list(*, actor: User, list_id: UUID) -> PilotList:
    """Publish: every application is decided, pilots begin, the 通知 is issued and sent, the round is closed for good.

    Raises NotAllowed for whoever drew it up, Stale before the notice ended, with objections open, or for what
    changed meanwhile.
    """
    # The round before its list, as whoever drafts takes them.
    call = get_round(actor, get_pilot_list(actor, list_id).round.public_id, lock=True)
    pilots = get_pilot_list(actor, list_id, lock=True)
    if not actor.holds(Permission.DECIDE_PILOTS):
        raise NotAllowed
    _refuse_own(actor, pilots)
    refusal = why_not_publish(pilots)
    if refusal:
        raise refusal
    decisions = list_decisions(pilots)
    for decision in decisions:
        _decide(actor, pilots, decision)
    paper = _issue(actor, pilots)
    pilots.state, pilots.paper = ListState.PUBLISHED, paper
    pilots.published_by, pilots.published_at = actor, clock.now()
    pilots.save()
    _close(call)
    detail = {
        "number": paper.number,
        "digest": pilots.digest,
        "selected": [each.application.region.code for each in decisions if each.is_selected],
    }
    record(actor, list_entry("publish_pilot_list", pilots, detail))
    return pilots


def _refuse_own(actor: User, pilots: PilotList) -> None:
    """Whoever drew a former draft of it up, or put it on notice, prepared it too."""
    hands = list_hands("pilot_list", str(pilots.public_id), besides=["withdraw_pilot_list"])
    refusal = NotAllowed(
        "second_person_required", "拟定名单的人不能公布同一名单，请由另一名发布人办理。"
    )
    ensure_other_hands(actor, {pilots.prepared_by_id, *hands}, refusal)


def why_not_publish(pilots: PilotList) -> Stale | None:
    """Why the list may not be published now, or None; the person aside."""
    if pilots.state != ListState.NOTICE or pilots.notice_until is None:
        return Stale(
            "stale_state",
            f"“{pilots}”现为“{pilots.get_state_display()}”，公示期满后才能公布。请刷新页面核对。",
        )
    if clock.today() <= pilots.notice_until:
        return Stale(
            "notice_running",
            f"“{pilots}”公示到{chinese_date(pilots.notice_until)}，期满后才能公布。",
        )
    waiting = count_open_objections(pilots)
    if waiting:
        return Stale("objections_open", f"还有{waiting}件异议没有办结，请先处理异议再公布。")
    obstacles = obstacles_to_list(pilots)
    if obstacles:
        return obstacles[0]
    if digest_of_list(pilots) != pilots.digest:
        return Stale("list_changed", "名单内容与公示时的摘要不符，不能公布，请撤回后重新拟定。")
    return None


def _decide(actor: User, pilots: PilotList, decision: Decision) -> None:
    action = ApplicationAction.SELECT if decision.is_selected else ApplicationAction.REFUSE
    application = move_application(
        actor=actor,
        application_id=decision.application.public_id,
        move=Move(action, comment=decision.reasons),
    )
    if decision.is_selected:
        begin_pilot(
            actor=actor,
            application=application,
            starts_on=pilots.starts_on,
            ends_on=pilots.ends_on,
        )


def _issue(actor: User, pilots: PilotList) -> Paper:
    register = pilot_list_register()
    if register is None:
        prefix = pilot_list_settings().register
        raise Stale(
            "list_register_missing",
            f"没有启用代字“{prefix}”的发文登记簿，名单不能编号公布。请先在“发文登记簿”中建立或启用，再公布。",
        )
    recipients = list(list_reviewing_offices())
    paper = issue_paper(
        actor=actor,
        issue=Issue(
            kind=PILOT_LIST_PAPER,
            register=register,
            document=official_pilot_list(pilot_list_document(pilots, register)),
            sources=[source_of_list(pilots)],
            recipients=recipients,
        ),
    )
    tell_delivery(paper, recipients)
    return paper


def _close(call: PilotRound) -> None:
    call.state = RoundState.DECIDED
    call.save(update_fields=["state"])
