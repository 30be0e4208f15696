"""Who is told of which step of a document: a table, and the acts' way of telling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.documents.enums import DraftAction, PaperStatus
from county_portal.documents.models import DraftStep, Paper
from county_portal.documents.selectors.drafts import kind_label, people_of
from county_portal.notices.actions import Message, is_quiet, notify


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom of the office a step concerns, and the words; {kind} {title} {number} are filled in."""

    title: str
    permission: Permission | None = None  # whoever may take the next step
    drafter: bool = False
    checker: bool = False


TELLINGS: Mapping[str, Telling] = {
    DraftAction.SEND: Telling("{kind}文稿“{title}”请核稿", Permission.CHECK_DOCUMENT),
    DraftAction.CHECK: Telling(
        "{kind}文稿“{title}”核稿通过，待签发", Permission.SIGN_DOCUMENT, drafter=True
    ),
    DraftAction.GIVE_BACK: Telling("{kind}文稿“{title}”被退回，请修改", drafter=True),
    DraftAction.ISSUE: Telling("{number}“{title}”已签发", drafter=True, checker=True),
    DraftAction.DISCARD: Telling("{kind}文稿“{title}”已作废", drafter=True),
}
_TITLE_LENGTH = 60
_STANDING_WORDS = {
    PaperStatus.VOID: "{number}“{title}”已撤销",
    PaperStatus.REPLACED: "{number}“{title}”已更正",
    PaperStatus.LAPSED: "{number}“{title}”所依据的数据有变化，已失效，请重新办理",
}


def tell_draft(step: DraftStep) -> None:
    """Tell of a step, within its transaction; nobody is told of his own act."""
    telling = TELLINGS.get(step.action)
    if telling is None or is_quiet():
        return
    draft = step.draft
    title = telling.title.format(
        kind=kind_label(draft.kind),
        title=_short(str(draft)),
        number=draft.paper.number if draft.paper else "",
    )
    path = reverse("documents:draft", args=[draft.public_id])
    if draft.paper:
        path = reverse("documents:paper", args=[draft.paper.public_id])
    message = Message(f"draft-step:{step.pk}", f"{step.action}_draft", title, step.comment, path)
    notify(_recipients(step, telling), message)


def _recipients(step: DraftStep, telling: Telling) -> list[User]:
    draft = step.draft
    people: dict[int, User] = {}
    if telling.permission:
        people = {user.pk: user for user in people_of([draft.office_id], [telling.permission])}
        # They could not take the step: another person must.
        people.pop(draft.drafted_by_id, None)
    for is_told, person in (
        (telling.drafter, draft.drafted_by),
        (telling.checker, draft.checked_by),
    ):
        if is_told and person is not None and person.is_active:
            people[person.pk] = person
    people.pop(step.actor_id, None)
    return list(people.values())


def tell_delivery(paper: Paper, offices: Sequence[Office]) -> None:
    """Tell everybody in the offices a document was sent to; one query, one statement."""
    if not offices or is_quiet():
        return
    message = Message(
        f"delivery:{paper.pk}",
        "deliver_paper",
        f"收到{paper.issuer}来文：{_short(paper.title)}（{paper.number}）",
        "",
        reverse("documents:received_paper", args=[paper.public_id]),
    )
    notify(people_of((row.pk for row in offices), [Permission.VIEW_DOCUMENTS]), message)


def tell_standing(paper: Paper, actor: User) -> None:
    """Tell the people who made a document, and the offices it was sent to, that it no longer holds."""
    words = _STANDING_WORDS.get(PaperStatus(paper.status))
    # What no register numbers (report cards) is made by the hundred and told of by its own app.
    if words is None or paper.register_id is None or is_quiet():
        return
    title = words.format(number=paper.number, title=_short(paper.title))
    key = f"standing:{paper.pk}:{paper.status}"
    own = {person.pk: person for person in _makers(paper) if person.pk != actor.pk}
    path = reverse("documents:paper", args=[paper.public_id])
    notify(own.values(), Message(key, "settle_paper", title, paper.status_reason, path))
    offices = list(paper.deliveries.values_list("office", flat=True))
    if offices:
        told = people_of(offices, [Permission.VIEW_DOCUMENTS])
        path = reverse("documents:received_paper", args=[paper.public_id])
        title = title.removesuffix("，请重新办理")
        message = Message(key, "settle_paper", title, paper.status_reason, path)
        notify([person for person in told if person.pk not in own], message)


def _makers(paper: Paper) -> list[User]:
    draft = getattr(paper, "draft", None)
    people = [paper.issued_by]
    if draft is not None:
        people += [draft.drafted_by, *filter(None, [draft.checked_by])]
    return [person for person in people if person.is_active]


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1]}…"
