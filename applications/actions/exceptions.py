"""What the province grants while a round runs: more days to one unit or to all, other places to one office."""

from datetime import date
from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry
from applications.enums import ApplicationState, RoundState
from applications.models import Application, PilotRound, RoundPostponement, RoundQuota
from applications.notifications import tell_extension, tell_postponement, tell_quota
from applications.selectors.applications import get_application, get_round
from applications.selectors.overview import is_at_county
from applications.selectors.rounds import has_list, recommended_ids
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.postponing import Days, ensure_later, moved, recorded
from county_portal.common.text import chinese_date


@transaction.atomic
def extend_application(
    *, actor: User, application_id: UUID, until: date, reason: str
) -> Application:
    """Give one unit more time, with the reason on record; in a closed round this opens it for that one alone.

    Raises Stale where the materials are not with the county, Invalid for a day that gives no time.
    """
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _require_at_county(application)
    _require_reason(reason)
    if until <= application.due_on or until < clock.today():
        raise Invalid(
            "not_an_extension",
            f"现行报送期限为{chinese_date(application.due_on)}，延期日期须晚于该日，且不早于今天。",
            "until",
        )
    before = application.due_on
    application.extended_to, application.extension_reason = until, reason.strip()
    if application.state == ApplicationState.RETURNED and application.correction_due_on:
        application.correction_due_on = until
    application.save(update_fields=["extended_to", "extension_reason", "correction_due_on"])
    detail = {"due_on": [before.isoformat(), until.isoformat()], "reason": reason.strip()}
    record(actor, application_entry("extend_application", application, detail))
    tell_extension(application, reason.strip())
    return application


def _require_at_county(application: Application) -> None:
    if not is_at_county(application):
        raise Stale(
            "not_at_county",
            f"{application.region.full_name}申报材料现为“{application.get_state_display()}”，不在县级办理，无需延期。",
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_required", "请写明原因，记入办理记录。", "reason")


@transaction.atomic
def postpone_round(*, actor: User, round_id: UUID, days: Days, reason: str) -> RoundPostponement:
    """Give everybody of a round more time, with the reason for all to read; nobody's own later day is cut short.

    Once a round is closed only the reviewing offices' day moves. Raises Stale once a list stands, Invalid for
    days that give no time.
    """
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _require_undecided(call)
    _require_reason(reason)
    _require_later(call, days)
    made = RoundPostponement.objects.create(
        round=call, **moved(call, days), reason=reason.strip(), actor=actor, at=clock.now()
    )
    call.county_due_on, call.city_due_on = days.county_due_on, days.city_due_on
    call.save(update_fields=["county_due_on", "city_due_on"])
    record(actor, Entry("postpone_round", "pilot_round", str(call.public_id), recorded(made)))
    tell_postponement(made)
    return made


def _require_undecided(call: PilotRound) -> None:
    if call.state not in {RoundState.OPEN, RoundState.CLOSED}:
        raise Stale(
            "stale_state",
            f"“{call.title}”现为“{call.get_state_display()}”，不能延长期限。请刷新页面后再办理。",
        )
    if has_list(call):
        raise Stale(
            "list_stands",
            f"“{call.title}”已拟定入选名单，不能再延长期限。确需延长的，请先撤回名单。",
        )


def _require_later(call: PilotRound, days: Days) -> None:
    if days.county_due_on != call.county_due_on and call.state == RoundState.CLOSED:
        raise Invalid(
            "round_closed",
            "申报已截止，县级报送期限不能再整体延长。个别县（市、区）可在其申报材料页面单独延期。",
            "county_due_on",
        )
    ensure_later(call, days)


@transaction.atomic
def change_quota(
    *, actor: User, round_id: UUID, office: Office, places: int, reason: str
) -> RoundQuota:
    """Give one office other places in a round that was opened, with the reason on record.

    Raises Invalid for fewer places than counties its letters recommend already.
    """
    call = get_round(actor, round_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    if call.state not in {RoundState.OPEN, RoundState.CLOSED}:
        raise Stale(
            "stale_state",
            f"“{call.title}”现为“{call.get_state_display()}”，不能在此调整名额。请刷新页面后再办理。",
        )
    _require_reason(reason)
    _require_room(call, office, places)
    quota = RoundQuota.objects.filter(round=call, office=office).first()
    before = quota.places if quota else None
    if before == places:
        raise Invalid(
            "same_places", f"{office.short_name}的名额已是{places}个，无需调整。", "places"
        )
    quota, _ = RoundQuota.objects.update_or_create(
        round=call, office=office, defaults={"places": places}
    )
    detail = {"office": office.short_name, "places": [before, places], "reason": reason.strip()}
    record(actor, Entry("change_quota", "pilot_round", str(call.public_id), detail))
    tell_quota(quota, before, reason.strip())
    return quota


def _require_room(call: PilotRound, office: Office, places: int) -> None:
    taken = len(recommended_ids(list(call.applications.filter(reviewing_office=office))))
    if places < taken:
        raise Invalid(
            "places_taken",
            f"{office.short_name}的推荐函已推荐{taken}个，名额不能少于{taken}个。",
            "places",
        )
