"""A city's letter on its counties' sheets, brought to its number by the acts that lead there."""

from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, move_draft
from county_portal.documents.enums import DraftAction
from county_portal.documents.models import Draft, Paper, Register
from indicators.enums import SUBMISSION_LETTER


def draft_letter(drafter, collection) -> Draft:
    """What the reviewer of an office drafts on a collection."""
    register = Register.objects.get(office=drafter.office, layout="letter")
    return start_draft(
        actor=drafter,
        kind=SUBMISSION_LETTER,
        register=register.public_id,
        subject=str(collection.public_id),
    )


def to_sign(drafter, signer, collection) -> Draft:
    """The same, sent and checked."""
    draft = draft_letter(drafter, collection)
    for actor, action in ((drafter, DraftAction.SEND), (signer, DraftAction.CHECK)):
        draft = move_draft(actor=actor, draft_id=draft.public_id, move=Move(action))
    return draft


def sign(signer, draft) -> Paper:
    """Signed: it has its number."""
    issued = move_draft(actor=signer, draft_id=draft.public_id, move=Move(DraftAction.ISSUE))
    assert issued.paper is not None
    return issued.paper


def issue_letter(drafter, signer, collection) -> Paper:
    """All of it."""
    return sign(signer, to_sign(drafter, signer, collection))
