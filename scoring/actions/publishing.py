"""Lists: drafted from a complete run, consented to, published by a second person, corrected by a new version."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.jobs.actions import Order, start_job
from scoring.actions.issuing import issue_list
from scoring.actions.robustness import refuse_unchecked
from scoring.engine.types import Scheme
from scoring.enums import (
    LIST_FILES_JOB,
    ListAction,
    ListFileKind,
    ListState,
    Movement,
    RunState,
)
from scoring.models import GradingRun, ListRow, PublishedList, Result
from scoring.rules import appeals_last_day, movement_between
from scoring.selectors.list_documents import list_settings
from scoring.selectors.lists import Past, current_list, files_subject, get_list, read_past
from scoring.selectors.results import list_results
from scoring.selectors.runs import engine_scheme, get_run
from scoring.workflow import LIST_WORKFLOW


@dataclass(frozen=True, slots=True)
class ListInput:
    """What a list is drafted from; a correction says why."""

    run_id: UUID
    publish_on: date
    correction_reason: str = ""


@dataclass(frozen=True, slots=True)
class ConsentInput:
    """The leading group's consent."""

    consent_on: date
    consent_number: str


def _entry(act: str, published: PublishedList, detail: Mapping[str, object]) -> Entry:
    return Entry(act, "list", str(published.public_id), detail)


@transaction.atomic
def draft_list(*, actor: User, data: ListInput) -> PublishedList:
    """Draft a list from a complete run: counties in score order, without scores.

    When a list of the collection is already published this drafts its correction, which needs a reason.
    """
    if not actor.holds(Permission.PREPARE_LIST):
        raise NotAllowed
    run = get_run(actor, data.run_id)
    if run.state != RunState.COMPLETE:
        raise Stale("run_not_complete", "该次评价尚未完成，不能拟定名单。")
    type(run.collection).objects.select_for_update().get(pk=run.collection_id)
    supersedes = _check_draft(run, data.correction_reason.strip())
    published = PublishedList.objects.create(
        run=run,
        collection=run.collection,
        version=supersedes.version + 1 if supersedes else 1,
        publish_on=data.publish_on,
        supersedes=supersedes,
        correction_reason=data.correction_reason.strip(),
        prepared_by=actor,
        prepared_at=clock.now(),
    )
    rows = _draw_rows(published, engine_scheme(run.scheme_version))
    published.row_count = len(rows)
    published.digest = _digest(published, rows)
    published.save(update_fields=["row_count", "digest"])
    detail = {"run": run.digest, "digest": published.digest}
    record(actor, _entry("draft_list", published, detail))
    return published


def _check_draft(run: GradingRun, reason: str) -> PublishedList | None:
    """The list to be corrected, or None for a first version."""
    lists = PublishedList.objects.filter(collection=run.collection)
    if lists.filter(state__in=[ListState.DRAFT, ListState.CONSENTED]).exists():
        raise Stale("list_in_preparation", "本年度已有一份名单正在拟定，请先公布或撤回该拟稿。")
    supersedes = current_list(run.collection)
    if supersedes and not reason:
        raise Invalid(
            "correction_reason_required",
            "本年度名单已公布，再次拟定即为更正，请写明更正原因。",
            "correction_reason",
        )
    if not supersedes and reason:
        raise Invalid(
            "nothing_to_correct", "本年度尚无已公布名单，请清空更正原因。", "correction_reason"
        )
    return supersedes


def _draw_rows(published: PublishedList, scheme: Scheme) -> list[ListRow]:
    results = list(list_results(published.run))
    past = read_past(published.collection, results)
    classes = [grade.name for grade in scheme.classes]
    rows = [
        _row(published, order, result, past[result.region_id], classes)
        for order, result in enumerate(results, 1)
    ]
    return ListRow.objects.bulk_create(rows)


def _row(
    published: PublishedList, order: int, result: Result, past: Past, classes: list[str]
) -> ListRow:
    region = result.region
    return ListRow(
        published_list=published,
        order=order,
        region=region,
        code=region.code,
        name=region.name,
        city=region.parent.name if region.parent else "",
        class_name=result.class_name,
        rank=result.rank,
        previous_class=past.previous_class,
        previous_rank=past.previous_rank,
        best_rank=min(rank for rank in (result.rank, past.best_rank) if rank),
        movement=movement_between(past.previous_class, result.class_name, classes),
    )


def _digest(published: PublishedList, rows: list[ListRow]) -> str:
    content = {
        "data_year": published.collection.data_year,
        "evaluation_year": published.collection.evaluation_year,
        "publish_on": published.publish_on.isoformat(),
        "version": published.version,
        "correction_reason": published.correction_reason,
        "run": published.run.digest,
        "rows": [
            [
                *(row.order, row.code, row.city, row.name, row.class_name, row.rank),
                *(
                    row.previous_class,
                    row.previous_rank,
                    row.best_rank,
                    str(Movement(row.movement)),
                ),
            ]
            for row in rows
        ],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def record_consent(*, actor: User, list_id: UUID, consent: ConsentInput) -> PublishedList:
    """Register the leading group's consent (S2-1), without which nothing is published."""
    published = get_list(actor, list_id, lock=True)
    row = LIST_WORKFLOW.find(ListAction.CONSENT, published.state, actor.permissions)
    if not consent.consent_number.strip():
        raise Invalid(
            "consent_number_required", "请填写领导小组同意的文号或会议纪要编号。", "consent_number"
        )
    if consent.consent_on > clock.today():
        raise Invalid("date_in_the_future", "领导小组同意日期不能晚于今天。", "consent_on")
    if consent.consent_on > published.publish_on:
        raise Invalid(
            "consent_after_publication",
            f"领导小组同意日期不能晚于名单载明的公布日期（{chinese_date(published.publish_on)}）。",
            "consent_on",
        )
    published.state = row.target
    published.consent_on, published.consent_number = (
        consent.consent_on,
        consent.consent_number.strip(),
    )
    published.consent_by = actor
    published.save(update_fields=["state", "consent_on", "consent_number", "consent_by"])
    detail = {"on": consent.consent_on.isoformat(), "number": published.consent_number}
    record(actor, _entry("record_consent", published, detail))
    return published


@transaction.atomic
def publish_list(*, actor: User, list_id: UUID) -> PublishedList:
    """Publish: issue the 通知 that carries the list, which gives the number; its files are made by jobs.

    From here on the list cannot change. A correction's 通知 replaces the former one, and what else was bound
    to the former list lapses. Raises NotAllowed if the actor drafted it: two people publish. Raises Stale while
    the run's robustness is not studied or a boundary county lacks its word.
    """
    published = get_list(actor, list_id, lock=True)
    row = LIST_WORKFLOW.find(ListAction.PUBLISH, published.state, actor.permissions)
    _refuse_own(actor, published)
    _refuse_unpublishable(published)
    refuse_unchecked(published.run)
    paper = issue_list(actor, published)
    published.state, published.paper, published.document_number = row.target, paper, paper.number
    published.published_by, published.published_at = actor, clock.now()
    published.appeals_until = appeals_last_day(clock.today(), list_settings().appeals)
    published.save(
        update_fields=[
            *("state", "paper", "document_number", "published_by", "published_at"),
            "appeals_until",
        ]
    )
    detail = {"number": paper.number, "digest": published.digest}
    record(actor, _entry("publish_list", published, detail))
    title = f"生成{published.collection.data_year}年度名单文件"
    kinds = [str(kind) for kind in ListFileKind]
    params = {"list": published.pk}
    start_job(
        actor=actor, order=Order(LIST_FILES_JOB, title, files_subject(published), kinds, params)
    )
    return published


def _refuse_own(actor: User, published: PublishedList) -> None:
    """Two people publish: preparing goes from starting the run to the last word on a boundary county."""
    hands = [published.prepared_by_id, published.consent_by_id]
    refusal = NotAllowed(
        "second_person_required", "拟定名单的人不能公布同一名单，请由另一名发布人办理。"
    )
    ensure_other_hands(actor, hands, refusal)
    refusal = NotAllowed(
        "second_person_required",
        f"“{published}”所据的评价由您启动或由您复核临界县，不能由您公布，请由另一名发布人办理。",
    )
    words = published.run.boundary_reviews.values_list("reviewed_by", flat=True)
    ensure_other_hands(actor, [published.run.requested_by_id, *words], refusal)


def _refuse_unpublishable(published: PublishedList) -> None:
    if published.publish_on > clock.today():
        raise Stale(
            "publication_date_ahead",
            f"名单载明的公布日期是{chinese_date(published.publish_on)}，请届时再公布。",
        )
    if _digest(published, list(published.rows.order_by("order"))) != published.digest:
        raise Stale("list_changed", "名单内容与拟定时的摘要不符，不能公布，请撤回后重新拟定。")


@transaction.atomic
def withdraw_draft(*, actor: User, list_id: UUID, reason: str) -> PublishedList:
    """Take back a draft; it never had a number."""
    published = get_list(actor, list_id, lock=True)
    row = LIST_WORKFLOW.find(ListAction.WITHDRAW, published.state, actor.permissions, reason)
    published.state, published.withdrawal_reason = row.target, reason.strip()
    published.save(update_fields=["state", "withdrawal_reason"])
    record(actor, _entry("withdraw_list", published, {"reason": reason.strip()}))
    return published
