"""The province decides: a list with reasons, put to public notice, published by another person."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from applications.actions.deciding import (
    DecisionInput,
    DraftInput,
    NoticeInput,
    draft_pilot_list,
    start_notice,
)
from applications.actions.objections import (
    ObjectionInput,
    answer_objection,
    record_objection,
)
from applications.actions.publishing import publish_pilot_list
from applications.actions.rounds import close_round
from applications.models import Application, PilotList, PilotRound
from county_portal.common import clock
from county_portal.demo.programme.register import Batch
from county_portal.demo.programme.setting import Setting, at
from county_portal.demo.programme.words import said
from county_portal.demo.receipt import have_read
from county_portal.demo.story import STORY

# Days after the opening of the round.
_CLOSED, _DRAFTED, _NOTICE, _PUBLISHED = 92, 120, 130, 145
_OBJECTED, _ANSWERED = 133, 138


def publish_pilots(
    setting: Setting,
    call: PilotRound,
    batch: Batch,
    applications: Sequence[Application],
    refused: Collection[str] = (),
) -> PilotList:
    """From the close to the 通知; those whose codes are `refused` are not chosen."""
    manager = setting.cast.manager
    with clock.playing(at(_day(batch, _DRAFTED))):
        drawn_up = draft_pilot_list(
            actor=manager,
            round_id=call.public_id,
            data=DraftInput(
                decisions={
                    application.public_id: _decision(application.region.code not in refused)
                    for application in applications
                },
                starts_on=batch.starts_on,
            ),
        )
    with clock.playing(at(_day(batch, _NOTICE))):
        notice = NoticeInput(
            consent_on=_day(batch, _NOTICE - 2),
            consent_number=STORY["consent_number"].format(
                year=batch.opens_on.year, number=11 + batch.number
            ),
            notice_from=_day(batch, _NOTICE),
            notice_until=_day(batch, _NOTICE + 6),
        )
        start_notice(actor=manager, list_id=drawn_up.public_id, notice=notice)
    if refused:
        _hear_objection(setting, drawn_up, batch)
    with clock.playing(at(_day(batch, _PUBLISHED))):
        published = publish_pilot_list(actor=setting.cast.publisher, list_id=drawn_up.public_id)
        if published.paper:
            have_read(published.paper)
    return published


def close_call(setting: Setting, call: PilotRound, batch: Batch) -> None:
    """Nobody hands in any more."""
    with clock.playing(at(_day(batch, _CLOSED))):
        close_round(actor=setting.cast.manager, round_id=call.public_id)


def _day(batch: Batch, days: int) -> date:
    return batch.opens_on + timedelta(days=days)


def _decision(is_selected: bool) -> DecisionInput:  # noqa: FBT001 -- what is decided
    return DecisionInput(is_selected, said("province", "selected" if is_selected else "refused"))


def _hear_objection(setting: Setting, pilots: PilotList, batch: Batch) -> None:
    """One that came by letter, and what became of it."""
    manager = setting.cast.manager
    with clock.playing(at(_day(batch, _OBJECTED))):
        objection = record_objection(
            actor=manager,
            list_id=pilots.public_id,
            objection=ObjectionInput(
                said("objection", "by"), said("objection", "contact"), said("objection", "text")
            ),
            received_on=clock.today(),
        )
    with clock.playing(at(_day(batch, _ANSWERED))):
        answer_objection(
            actor=manager, objection_id=objection.public_id, answer=said("objection", "answer")
        )
