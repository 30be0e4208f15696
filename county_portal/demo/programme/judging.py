"""How the province looks at what it received: the formal check, and experts who do not see each other's sheets."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from applications.actions.formal import ByHand, Correction, FormalInput, pass_formally
from applications.actions.formal import send_back as send_back_formally
from applications.actions.moving import Wanted
from applications.actions.panel import (
    OpinionInput,
    assign_experts,
    declare_conflict,
    declare_no_conflict,
    give_opinion,
)
from applications.enums import Section
from applications.models import Application, PanelSheet, PilotRound
from applications.rules.formal import BY_HAND
from applications.selectors.selection import list_criteria
from county_portal.demo.chance import between, stream
from county_portal.demo.programme.figures import SEED
from county_portal.demo.programme.setting import Setting
from county_portal.demo.programme.words import one_of, said

# Of the most a criterion can give, in per cent; and how far experts are apart.
_LOW, _HIGH, _DIFFER = 68, 94, 4


def check_formally(setting: Setting, application: Application) -> None:
    """Everything is there and legible: the panel may read it."""
    pass_formally(
        actor=setting.cast.manager,
        application_id=application.public_id,
        check=FormalInput(by_hand={item.key: ByHand(is_met=True) for item in BY_HAND}),
    )
    application.refresh_from_db()


def send_back(setting: Setting, application: Application, due_on: date) -> None:
    """退回补正: a better scan of the county government's document."""
    send_back_formally(
        actor=setting.cast.manager,
        application_id=application.public_id,
        correction=Correction(
            comment=said("province", "send_back"),
            due_on=due_on,
            wanted=[Wanted(Section.DOCUMENT, said("province", "wanted"))],
        ),
    )


def call_panel(setting: Setting, call: PilotRound, admitted: Sequence[Application]) -> None:
    """Every expert judges every admitted county."""
    assign_experts(
        actor=setting.cast.manager,
        round_id=call.public_id,
        pairs={
            (application.public_id, expert.public_id)
            for application in admitted
            for expert in setting.cast.experts
        },
    )


def judge(call: PilotRound, sheet: PanelSheet) -> None:
    """One expert's opinion, having declared to have no interest in the matter."""
    declare_no_conflict(actor=sheet.expert, sheet_id=sheet.public_id)
    code = int(sheet.application.region.code)
    chance = stream(SEED, code, sheet.expert_id)
    share = between(stream(SEED, code), _LOW, _HIGH)
    points = {
        criterion.public_id: _points(criterion.maximum, share + between(chance, -_DIFFER, _DIFFER))
        for criterion in list_criteria(call)
    }
    words = one_of(between(chance, 0, 9), "province", "scores")
    give_opinion(actor=sheet.expert, sheet_id=sheet.public_id, opinion=OpinionInput(points, words))


def keep_away(sheet: PanelSheet) -> None:
    """An expert who once advised the county."""
    declare_conflict(
        actor=sheet.expert, sheet_id=sheet.public_id, reason=said("province", "conflict")
    )


def _points(maximum: Decimal, share: int) -> Decimal:
    return (maximum * share / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def sheets_of(call: PilotRound) -> list[PanelSheet]:
    """All sheets of a round, by county and expert."""
    sheets = PanelSheet.objects.filter(application__round=call)
    return list(
        sheets.select_related("application__region", "expert").order_by(
            "application__region__code", "expert__login"
        )
    )
