"""What a city's office does: it ranks its counties, gives reasons, and writes its letter of recommendation."""

from collections.abc import Iterable, Sequence

from applications.actions.moving import Move as ApplicationMove
from applications.actions.moving import move_application
from applications.actions.recommending import Placed, RankingInput, save_ranking
from applications.enums import RECOMMENDATION_LETTER, ApplicationAction
from applications.models import Application, PilotRound
from applications.selectors.recommending import get_ranking
from county_portal.demo.programme.setting import Setting
from county_portal.demo.programme.words import said
from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, move_draft
from county_portal.documents.enums import DraftAction, Layout
from county_portal.documents.models import Paper, Register


def by_office(applications: Iterable[Application]) -> list[list[Application]]:
    """Applications of each reviewing office, in the order of their codes."""
    offices: dict[int, list[Application]] = {}
    for application in applications:
        offices.setdefault(application.reviewing_office_id, []).append(application)
    return list(offices.values())


def write_letter(setting: Setting, call: PilotRound, recommended: Sequence[Application]) -> Paper:
    """推荐函, drafted by the clerk, checked and signed by the head of an office of two."""
    cast, first = setting.cast, recommended[0]
    drafter, signer = cast.reviewer(first), cast.signer(first)
    register = Register.objects.get(office=drafter.office, layout=Layout.LETTER)
    draft = start_draft(
        actor=drafter,
        kind=RECOMMENDATION_LETTER,
        register=register.public_id,
        subject=str(call.public_id),
    )
    steps = (
        (drafter, DraftAction.SEND),
        (signer, DraftAction.CHECK),
        (signer, DraftAction.ISSUE),
    )
    for actor, action in steps:
        draft = move_draft(actor=actor, draft_id=draft.public_id, move=Move(action))
    assert draft.paper is not None  # noqa: S101 -- the last step issues
    return draft.paper


def reasons_for(setting: Setting, application: Application) -> str:
    """Why this county."""
    return said("characters", setting.character(application.region), "strengths")


def rank(setting: Setting, call: PilotRound, recommended: Sequence[Application]) -> None:
    """Places in this order, with reasons, and the office's opinion on them all."""
    actor = setting.cast.reviewer(recommended[0])
    save_ranking(
        actor=actor,
        round_id=call.public_id,
        data=RankingInput(
            placed=[
                Placed(application.public_id, place, reasons_for(setting, application))
                for place, application in enumerate(recommended, 1)
            ],
            opinion=said("city", "opinion"),
            seen=get_ranking(actor, call.public_id).mark,
        ),
    )


def leave_out(setting: Setting, application: Application) -> None:
    """不予推荐, with reasons."""
    move = ApplicationMove(ApplicationAction.LEAVE_OUT, comment=said("city", "leave_out"))
    move_application(
        actor=setting.cast.reviewer(application), application_id=application.public_id, move=move
    )
    application.refresh_from_db()
