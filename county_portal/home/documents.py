"""What waits among documents: drafts given back, to be checked, to be signed; lapsed ones; unread 收文."""

from collections.abc import Sequence

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.documents.enums import DraftState
from county_portal.documents.models import Draft, Paper
from county_portal.documents.selectors.drafts import (
    is_staff,
    kind_label,
    list_lapsed,
    list_waiting,
)
from county_portal.documents.selectors.received import list_unopened
from county_portal.home.items import InboxGroup, InboxItem

# Unopened documents that the inbox names; the rest are counted.
_SHOWN = 10
# State: key, heading, hint.
_KINDS = {
    DraftState.DRAFT: ("document-draft", "待修改送核的文稿", "修改完善后送核稿，或作废。"),
    DraftState.CHECKING: ("document-check", "待核稿", "核对文稿，通过或退回。"),
    DraftState.SIGNING: ("document-sign", "待签发", "签发即编号成文，签发后不能修改。"),
}


def document_groups(user: User) -> list[InboxGroup]:
    """Five queries at most; none for those who have nothing to do with documents."""
    if not user.holds(Permission.VIEW_DOCUMENTS):
        return []
    groups = []
    if is_staff(user):
        waiting = list_waiting(user)
        groups = [
            _draft_group(state, [row for row in waiting if row.state == state]) for state in _KINDS
        ]
        groups.append(_lapsed_group(user))
    return [*groups, _received_group(user)]


def _draft_group(state: DraftState, drafts: Sequence[Draft]) -> InboxGroup:
    key, title, hint = _KINDS[state]
    items = [
        InboxItem(
            title=str(row) or f"（未拟标题的{kind_label(row.kind)}）",
            url=reverse("documents:draft", args=[row.public_id]),
            note=f"{kind_label(row.kind)}，{row.drafted_by.display_name}拟稿",
            since=row.state_since,
        )
        for row in drafts[:_SHOWN]
    ]
    url = f"{reverse('documents:home')}?show={state}"
    return InboxGroup(key, title, hint, len(drafts), items, url)


def _lapsed_group(user: User) -> InboxGroup:
    papers = list_lapsed(user)
    items = [
        InboxItem(
            title=f"{paper.number} {paper.title}",
            url=reverse("documents:paper", args=[paper.public_id]),
            note=paper.status_reason,
            since=paper.status_at,
        )
        for paper in papers[:_SHOWN]
    ]
    return InboxGroup(
        "document-lapsed",
        "已失效，待重新办理",
        "公文所依据的数据有变化，按最新数据重新办理。",
        len(papers),
        items,
        f"{reverse('documents:home')}?show=lapsed",
    )


def _standing(paper: Paper) -> str:
    """Nobody should act on what no longer holds."""
    return "" if paper.is_valid else f"（{paper.get_status_display()}）"


def _received_group(user: User) -> InboxGroup:
    deliveries = list_unopened(user)
    shown = list(deliveries[:_SHOWN])
    items = [
        InboxItem(
            title=row.paper.title,
            url=reverse("documents:received_paper", args=[row.paper.public_id]),
            note=f"{row.paper.issuer}，{row.paper.number}{_standing(row.paper)}",
            since=row.paper.issued_at,
        )
        for row in shown
    ]
    count = deliveries.count() if len(shown) == _SHOWN else len(shown)
    return InboxGroup(
        "document-received",
        "未签收的来文",
        "打开即为签收。",
        count,
        items,
        f"{reverse('documents:received')}?status=unopened",
    )
