"""A version of a scheme in preparation: begun, edited, tested, locked by a second person, or given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.audit.selectors import list_hands
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from scoring.actions.case_rows import copy_cases
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.enums import SchemeState
from scoring.models import Scheme, SchemeVersion
from scoring.schemes.documents import Document, Edit, normal, read_document, written
from scoring.schemes.golden import Outcome
from scoring.schemes.words import differences
from scoring.selectors.scheme_checks import check_version, run_golden_cases
from scoring.selectors.schemes import IN_PREPARATION, get_version, in_preparation

# Sentences of a change that the record keeps; a whole file may differ in hundreds.
_RECORDED = 40


@dataclass(frozen=True, slots=True)
class DraftKey:
    """A version as somebody has it before their eyes: `revision` is the one their page showed."""

    version_id: UUID
    revision: int


@transaction.atomic
def begin_version(*, actor: User, based_on: UUID, note: str = "") -> SchemeVersion:
    """A new draft from a locked version, with its golden cases.

    Raises Stale where one is in preparation already, Invalid where the version to begin from is none that is locked.
    """
    source = get_version(actor, based_on)
    _require(actor, Permission.EDIT_SCHEME)
    if source.state != SchemeState.LOCKED:
        raise Invalid(
            "version_not_locked",
            f"“{source}”尚未锁定，不能据以拟定新版本。请直接修改它，或从已锁定的版本开始。",
        )
    version = _new_version(actor, source.scheme, source.document, note, source)
    copy_cases(source, version)
    return version


def _new_version(
    actor: User, scheme: Scheme, document: str, note: str, source: SchemeVersion | None
) -> SchemeVersion:
    """The caller has seen to the right; the scheme's row is locked against a colleague who begins at the same time."""
    Scheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)
    _refuse_second(scheme)
    last = scheme.versions.aggregate(Max("number"))["number__max"] or 0
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=last + 1,
        document=document,
        sha256=sha256(document.encode()),
        note=note.strip(),
        based_on=source,
        created_by=actor,
        created_at=clock.now(),
    )
    detail = {"based_on": str(source) if source else "", "note": version.note}
    _note(actor, "begin_scheme_version", version, detail)
    return version


def _refuse_second(scheme: Scheme) -> None:
    existing = in_preparation(scheme.pk)
    if existing is not None:
        author = existing.created_by.display_name if existing.created_by else "系统"
        raise Stale(
            "version_in_preparation",
            f"“{existing}”正在拟定（{author}），同一方案同时只能有一个未锁定的版本。"
            "请在该版本上修改，或先删除它。",
        )


@transaction.atomic
def edit_version(*, actor: User, key: DraftKey, edit: Edit) -> SchemeVersion:
    """Apply an edit; what was tested is a draft again. A text that stays the same is not written.

    Raises Stale where the version is locked or a colleague saved in between; Invalid as the edit does, or where
    what comes of it is no scheme document at all.
    """
    version = open_draft(actor, key)
    before = read_document(version.document)
    after = normal(edit.applied(before))
    text, digest = written(after)
    if digest == version.sha256:
        return version
    version.document, version.sha256 = text, digest
    touch_draft(actor, version, edit.act, _told(before, after))
    return version


def _told(before: Document, after: Document) -> dict[str, object]:
    sentences = differences(before, after)
    return {"changes": sentences[:_RECORDED], "more": max(len(sentences) - _RECORDED, 0)}


def open_draft(actor: User, key: DraftKey) -> SchemeVersion:
    """The version, locked against others and open for this edit."""
    version = get_version(actor, key.version_id, lock=True)
    _require(actor, Permission.EDIT_SCHEME)
    _refuse_moved_on(version, key)
    return version


def touch_draft(
    actor: User, version: SchemeVersion, act: str, detail: Mapping[str, object]
) -> None:
    """Save a changed draft: it has a revision more and must be tested again."""
    version.state, version.tested_at = SchemeState.DRAFT, None
    version.revision += 1
    version.save()
    _note(actor, act, version, {**detail, "revision": version.revision})


def _refuse_moved_on(version: SchemeVersion, key: DraftKey) -> None:
    if version.state not in IN_PREPARATION:
        raise Stale(
            "version_locked",
            f"“{version}”已锁定，内容不能再改。如需调整，请据以拟定新版本。",
        )
    if version.revision != key.revision:
        raise Stale(
            "version_changed",
            f"“{version}”在您打开本页后已被修改，本次改动没有保存。您填写的内容仍在下方，请核对最新内容后再保存。",
        )


@transaction.atomic
def test_version(*, actor: User, key: DraftKey) -> list[Outcome]:
    """Check the text and run every golden case; only where all is right is the version 已验证.

    Answers what the cases gave. Raises Invalid for faults, for a version without cases and for cells that differ.
    """
    version = open_draft(actor, key)
    faults = [each for each in check_version(version) if not each.is_warning]
    if faults:
        raise Invalid(
            "scheme_faulty",
            f"方案还有{len(faults)}处问题，不能验证：{faults[0].sentence}请逐项改正后再验证。",
        )
    outcomes = run_golden_cases(version)
    if not outcomes:
        raise Invalid(
            "no_golden_cases", "方案还没有验证用例。请至少添加一个已知应得分的用例，再进行验证。"
        )
    wrong = [(outcome, cell) for outcome in outcomes for cell in outcome.wrong]
    if wrong:
        outcome, cell = wrong[0]
        raise Invalid(
            "golden_cases_fail",
            f"有{len(wrong)}格与应得分不符，首个为“{outcome.name}”的“{cell.name}”："
            f"应得{cell.expected}，算得{cell.got or '不出'}。请核对方案或用例。",
        )
    if version.state == SchemeState.DRAFT:
        # What a run names by digest must be what is stored.
        content = scheme_bytes(scheme_from_bytes(version.document))
        version.document, version.sha256 = content.decode(), sha256(content)
        version.state, version.tested_at = SchemeState.TESTED, clock.now()
        version.save()
        cells = sum(len(outcome.cells) for outcome in outcomes)
        detail = {"sha256": version.sha256, "cases": len(outcomes), "cells": cells}
        _note(actor, "test_scheme_version", version, detail)
    return outcomes


@transaction.atomic
def lock_version(*, actor: User, key: DraftKey) -> SchemeVersion:
    """Lock a tested version for good, by another person than who began, edited or tested it.

    Raises NotAllowed for that person, Stale for a version that is not tested or has moved on.
    """
    version = get_version(actor, key.version_id, lock=True)
    _require(actor, Permission.LOCK_SCHEME)
    _refuse_moved_on(version, key)
    hands = {version.created_by_id, *list_hands("scheme_version", str(version.public_id))}
    refusal = NotAllowed(
        "own_version", f"“{version}”由您参与拟定，须由另一人复核后锁定。请转请复核员办理。"
    )
    ensure_other_hands(actor, hands, refusal)
    if version.state != SchemeState.TESTED:
        raise Stale(
            "version_not_tested", f"“{version}”尚未验证，不能锁定。请由业务管理员先运行验证用例。"
        )
    version.state, version.locked_by, version.locked_at = SchemeState.LOCKED, actor, clock.now()
    version.save()
    _note(actor, "lock_scheme_version", version, {"sha256": version.sha256})
    return version


@transaction.atomic
def discard_version(*, actor: User, key: DraftKey) -> None:
    """Delete a version that is not locked, its cases and the rehearsals of it; the record keeps its text's digest."""
    version = open_draft(actor, key)
    _note(actor, "discard_scheme_version", version, {"sha256": version.sha256})
    version.delete()


def _require(actor: User, permission: Permission) -> None:
    if not actor.holds(permission):
        raise NotAllowed


def _note(actor: User, act: str, version: SchemeVersion, detail: Mapping[str, object]) -> None:
    entry = Entry(
        act, "scheme_version", str(version.public_id), {"version": str(version), **detail}
    )
    record(actor, entry)
