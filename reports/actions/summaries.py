"""The province's summary of a year: drafted by one, published by another; then everybody reads what was reached."""

from collections.abc import Mapping

from django.db import transaction

from applications.actions.reached import publish_reached
from county_portal.accounts.hands import ensure_other_hands
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.audit.selectors import list_hands
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.wording import read_words
from reports.models import ProgressSummary
from reports.selectors.progress_year import count_unpublished, find_summary, mark_of

MAX_TEXT = 20_000


@transaction.atomic
def save_summary(*, actor: User, year: int, text: str) -> ProgressSummary:
    """Draw it up, or change what is not published yet. Raises Invalid for blank text, Stale once published."""
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    text = _clean(text)
    summary = find_summary(year, lock=True) or ProgressSummary(year=year)
    if summary.published_at:
        raise Stale("summary_published", f"{year}年度总体情况已经公布，不能再改。")
    if summary.pk and summary.text == text:
        return summary
    summary.text, summary.prepared_by, summary.prepared_at = text, actor, clock.now()
    summary.save()
    _note(actor, "save_progress_summary", summary, {"characters": len(text)})
    return summary


@transaction.atomic
def publish_summary(*, actor: User, year: int, seen: str | None = None) -> ProgressSummary:
    """Publish it, by another than who drew it up; again, for figures that were received afterwards.

    `seen` is the mark the page had (`mark_of`). Raises Invalid without a draft, Stale where nothing is new or
    the draft was changed meanwhile.
    """
    if not actor.holds(Permission.DECIDE_PILOTS):
        raise NotAllowed
    summary = find_summary(year, lock=True)
    if summary is None:
        raise Invalid(
            "summary_missing", f"{year}年度总体情况还没有拟定，请业务管理员拟定后再公布。"
        )
    hands = list_hands(
        "progress_summary", str(summary.public_id), besides=["publish_progress_summary"]
    )
    refusal = NotAllowed("same_person", "总体情况由您拟定，须由另一人公布。")
    ensure_other_hands(actor, {summary.prepared_by_id, *hands}, refusal)
    waiting = count_unpublished(year)
    if not waiting:
        raise Stale("nothing_to_publish", f"{year}年度没有已接收而未公布的进展报告，无需公布。")
    if seen is not None and seen != mark_of(summary, waiting):
        raise Stale(
            "content_changed",
            "总体情况或待公布的试点在您查看之后有变化，本次没有公布。请刷新页面核对后再公布。",
        )
    if summary.published_at is None:
        summary.published_by, summary.published_at = actor, clock.now()
        summary.save(update_fields=["published_by", "published_at"])
    figures = publish_reached(year)
    _note(actor, "publish_progress_summary", summary, {"pilots": waiting, "figures": figures})
    return summary


def _clean(text: str) -> str:
    missing = Invalid("text_required", "请填写总体情况。", "text")
    return read_words(text, "总体情况", "text", most=MAX_TEXT, missing=missing)


def _note(actor: User, act: str, summary: ProgressSummary, detail: Mapping[str, object]) -> None:
    record(
        actor,
        Entry(act, "progress_summary", str(summary.public_id), {"year": summary.year, **detail}),
    )
