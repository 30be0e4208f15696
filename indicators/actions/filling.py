"""The county's figures. Each writing locks the row, re-authorises on it, records and commits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import NotAllowed, Stale
from indicators.actions.claims import state_facts
from indicators.actions.records import plain_figure, submission_entry
from indicators.actions.revisions import count_revision
from indicators.actions.signatures import void_signatures
from indicators.enums import ValueStatus
from indicators.models import Submission, Value
from indicators.rules import CellFigure, typed_of
from indicators.selectors import figure_of, get_submission, indicator_ids, why_not_fillable
from indicators.selectors.labour import get_provided, provided_codes
from indicators.selectors.locks import locked_codes
from indicators.selectors.sheets import stored_values


def lock_for_filling(actor: User, submission_id: UUID) -> Submission:
    """The locked submission if the actor may change it now; otherwise the reason why not."""
    submission = get_submission(actor, submission_id, lock=True)
    if not actor.holds(Permission.FILL):
        raise NotAllowed
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    return submission


def lock_for_cells(actor: User, submission_id: UUID, codes: Collection[str]) -> Submission:
    """The same for single cells: a department may change those it was given, whatever it asks for.

    Raises NotAllowed `not_assigned` if one of `codes` is not the department's; 404 where it has none.
    """
    if not actor.holds(Permission.PROVIDE):
        return lock_for_filling(actor, submission_id)
    submission = get_provided(actor, submission_id, lock=True)
    if set(codes) - provided_codes(actor, submission):
        raise NotAllowed(
            "not_assigned", "其中有未分给本单位的指标，本次没有保存。请联系县科技局核对分工。"
        )
    refusal = why_not_fillable(submission)
    if refusal:
        raise refusal
    return submission


@transaction.atomic
def save_values(
    *, actor: User, submission_id: UUID, revision: int, figures: Mapping[str, CellFigure]
) -> Submission:
    """Save the cells that differ from what is stored; others stay as they are.

    Raises Stale `edited_meanwhile` if somebody else saved since `revision` was read.
    """
    submission = lock_for_filling(actor, submission_id)
    if submission.revision != revision:
        raise Stale(
            "edited_meanwhile",
            "在您填写期间，同事已保存过本表。您的填写未被覆盖也未保存，请核对下方标出的差异后再保存。",
        )
    _write(actor, submission, figures, stored_values(submission))
    return submission


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell as somebody wants it; `base` is the fingerprint of what the editor had before."""

    code: str
    base: str
    figure: CellFigure


@dataclass(frozen=True, slots=True)
class SavedCells:
    """What became of each edit: written, already so, or in conflict with somebody else's writing."""

    submission: Submission
    saved: Sequence[str]
    same: Sequence[str]
    conflicts: Sequence[str]


@transaction.atomic
def save_cells(*, actor: User, submission_id: UUID, edits: Sequence[CellEdit]) -> SavedCells:
    """Write each cell whose stored content is still what its editor saw; never over anybody's writing.

    The same act serves autosave and workbooks. Raises Stale `cell_locked` for a cell that may not be
    changed now; nothing is written then.
    """
    submission = lock_for_cells(actor, submission_id, [edit.code for edit in edits])
    return save_locked(actor, submission, edits, stored_values(submission))


def save_locked(
    actor: User, submission: Submission, edits: Sequence[CellEdit], stored: Mapping[int, Value]
) -> SavedCells:
    """The same on a submission locked for it, `stored` having been read under that lock."""
    indicators = indicator_ids(submission.collection.version_id)
    figures: dict[str, CellFigure] = {}
    same, conflicts = [], []
    for edit in edits:
        value = stored.get(indicators[edit.code])
        if _is_same(value, edit.figure):
            same.append(edit.code)
        elif typed_of(figure_of(value) if value else None).fingerprint != edit.base:
            conflicts.append(edit.code)
        else:
            figures[edit.code] = edit.figure
    _write(actor, submission, figures, stored)
    return SavedCells(submission, list(figures), same, conflicts)


def _write(
    actor: User,
    submission: Submission,
    figures: Mapping[str, CellFigure],
    stored: Mapping[int, Value],
) -> None:
    """Write the cells that differ, count one revision, record them."""
    indicators = indicator_ids(submission.collection.version_id)
    changed = {
        code: figure
        for code, figure in figures.items()
        if code in indicators and not _is_same(stored.get(indicators[code]), figure)
    }
    if not changed:
        return
    refuse_locked(submission, changed)
    now = clock.now()
    values = [
        _value(submission, indicators[code], figure, actor, now) for code, figure in changed.items()
    ]
    Value.objects.bulk_create(
        values,
        update_conflicts=True,
        unique_fields=["submission", "indicator"],
        update_fields=[
            "text",
            "number",
            "numerator",
            "denominator",
            "absence",
            "note",
            "status",
            "updated_by",
            "updated_at",
        ],
    )
    state_facts(submission, actor, changed)
    count_revision(actor, submission)
    detail = {
        code: [_recorded(stored.get(indicators[code])), plain_figure(figure)]
        for code, figure in changed.items()
    }
    record(actor, submission_entry("save_values", submission, detail))
    void_signatures(actor, submission, set(changed))


def refuse_locked(submission: Submission, codes: Collection[str]) -> None:
    """Raise Stale `cell_locked` for lines outside the return."""
    locked = locked_codes(submission) & set(codes)
    if locked:
        words = "、".join(sorted(locked))
        raise Stale("cell_locked", f"第{words}项未在退回范围内，不能修改；本次没有保存。")


def _recorded(value: Value | None) -> dict[str, str] | None:
    return None if value is None else plain_figure(figure_of(value))


def _is_same(value: Value | None, figure: CellFigure) -> bool:
    if value is None:
        return figure == CellFigure()
    return figure_of(value) == figure


def _value(
    submission: Submission, indicator_id: int, figure: CellFigure, actor: User, now: datetime
) -> Value:
    return Value(
        submission=submission,
        indicator_id=indicator_id,
        text=figure.text,
        number=figure.number,
        numerator=figure.numerator,
        denominator=figure.denominator,
        absence=figure.absence,
        note=figure.note,
        status=ValueStatus.FORECAST if figure.is_forecast else ValueStatus.SELF,
        updated_by=actor,
        updated_at=now,
    )
