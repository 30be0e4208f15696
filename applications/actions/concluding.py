"""The conclusion of an acceptance: decided by another person than who proposed it, issued as a document."""

from applications.acceptance_document import acceptance_document
from applications.actions.judging import require_examined
from applications.actions.terms import TermInput, note_event
from applications.enums import ACCEPTANCE_PAPER, AcceptanceOutcome, PilotAct
from applications.models import Acceptance, Pilot
from applications.selectors.acceptances import source_of
from applications.selectors.handed_in import last_handed_in
from applications.selectors.pilots import get_pilot
from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import Office, User
from county_portal.common.errors import NotAllowed, Stale
from county_portal.documents.actions.issuing import Issue, issue_paper
from county_portal.documents.enums import Layout
from county_portal.documents.models import Register
from county_portal.documents.notifications import tell_delivery

_ACTS = {
    AcceptanceOutcome.PASSED: PilotAct.ACCEPT,
    AcceptanceOutcome.RECTIFY: PilotAct.RECTIFY,
    AcceptanceOutcome.FAILED: PilotAct.FAIL,
}


def require_decidable(actor: User, acceptance: Acceptance) -> None:
    """Raise Stale without a proposal or what it rests on, NotAllowed for whoever proposed it."""
    if acceptance.proposed_by_id is None:
        raise Stale(
            "proposal_missing", "还没有拟定验收结论，不能作出决定。请业务管理员先拟定结论。"
        )
    refusal = NotAllowed(
        "same_person", "拟定结论和作出结论须由不同的人办理，请由另一名发布人办理。"
    )
    ensure_other_hands(actor, [acceptance.proposed_by_id], refusal)
    require_examined(acceptance)


def conclude(actor: User, acceptance: Acceptance) -> None:
    """Issue the document and move the pilot; part of deciding, which has authorised and locked."""
    pilot: Pilot = get_pilot(actor, acceptance.pilot.public_id, lock=True)
    register = _register(actor.office)
    recipients = [pilot.office, pilot.reviewing_office]
    handed_in = last_handed_in(acceptance)
    if handed_in is None:  # pragma: no cover -- nothing is decided that was not handed in
        raise NotAllowed
    paper = issue_paper(
        actor=actor,
        issue=Issue(
            kind=ACCEPTANCE_PAPER,
            register=register,
            document=acceptance_document(acceptance, handed_in.summary, register),
            sources=(source_of(acceptance),),
            recipients=recipients,
        ),
    )
    acceptance.paper = paper
    acceptance.save(update_fields=["paper"])
    outcome = AcceptanceOutcome(acceptance.outcome)
    note_event(
        actor,
        pilot,
        TermInput(_ACTS[outcome], acceptance.reasons, paper.number, acceptance.rectify_by),
    )
    tell_delivery(paper, recipients)


def _register(office: Office) -> Register:
    """The office's own register of general documents; those of bodies it serves are for their matters."""
    found = Register.objects.filter(
        office=office, layout=Layout.GENERAL, issuer=office.name, is_active=True
    ).first()
    if found is None:
        raise Stale(
            "register_missing",
            f"{office.name}没有启用的发文登记簿，验收结论不能编号公布。请先在“发文登记簿”中建立或启用，再办理。",
        )
    return found
