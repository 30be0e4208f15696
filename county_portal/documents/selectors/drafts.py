"""Drafts as their own office may see them: whose turn, what is missing, what their data are like now."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.hands import had_hand
from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from county_portal.common.errors import Invalid
from county_portal.common.workflow import Transition
from county_portal.documents.enums import DraftAction, DraftState, PaperStatus
from county_portal.documents.kinds import Source, data_kind, document_kinds, issued_kind
from county_portal.documents.models import Draft, DraftHandover, DraftStep, Paper
from county_portal.documents.wording import numbering_problems
from county_portal.documents.workflow import DRAFT_WORKFLOW

STAFF = frozenset({Permission.DRAFT_DOCUMENT, Permission.CHECK_DOCUMENT, Permission.SIGN_DOCUMENT})
OPEN = (DraftState.DRAFT, DraftState.CHECKING, DraftState.SIGNING)
# What an example text leaves to be written; tables are named in the same brackets.
_PLACEHOLDER = re.compile(r"【(?!表[：:])[^】\n]*】")
_TABLE = re.compile(r"【表[：:]\s*([^】\n]*?)\s*】")
_NEEDED = {
    DraftState.CHECKING: Permission.CHECK_DOCUMENT,
    DraftState.SIGNING: Permission.SIGN_DOCUMENT,
}


def is_staff(user: User) -> bool:
    """Whether the user drafts, checks or signs; counties only receive."""
    return bool(user.permissions & STAFF)


def list_drafts(user: User) -> QuerySet[Draft]:
    """Drafts of one's own office, newest first."""
    if not is_staff(user):
        return Draft.objects.none()
    return Draft.objects.filter(office_id=user.office_id).select_related(
        "drafted_by", "checked_by", "register", "replaces"
    )


def get_draft(user: User, public_id: UUID, *, lock: bool = False) -> Draft:
    """One of those; 404 otherwise."""
    drafts = list_drafts(user)
    if lock:
        drafts = drafts.select_for_update(of=("self",))
    return get_object_or_404(drafts, public_id=public_id)


def list_drafted_by(person: User, *, lock: bool = False) -> QuerySet[Draft]:
    """A person's own open drafts, for those who hand them on; asked within their authority."""
    drafts = Draft.objects.filter(drafted_by=person, state__in=OPEN).select_related("drafted_by")
    return drafts.select_for_update(of=("self",)) if lock else drafts


def list_handovers(draft: Draft) -> list[DraftHandover]:
    """Who went on with it in whose place, newest first; no query for one that was never handed on."""
    if not draft.former_drafters:
        return []
    people = draft.handovers.select_related("from_person", "to_person", "by__office")
    return list(people.order_by("-at", "-pk"))


def list_open_drafts(user: User, state: str = "") -> QuerySet[Draft]:
    """Those not yet issued or discarded, longest waiting first; of one state when asked."""
    states = [state] if state else OPEN
    return list_drafts(user).filter(state__in=states).order_by("state_since", "pk")


def count_states(user: User) -> dict[str, int]:
    """How many drafts of the office are in each state; one query."""
    rows = list_drafts(user).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def kind_label(name: str) -> str:
    """What people call a kind; its name where no installed app knows it any more."""
    issued = issued_kind(name)
    if issued:
        return issued.label
    return next((kind.label for kind in document_kinds() if kind.name == name), name)


# --- whose turn ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turns:
    """The people of an office who check and sign, asked once for a whole list."""

    checkers: Sequence[User]
    signers: Sequence[User]

    def people(self, draft: Draft) -> list[User]:
        """Who may take the next step of this draft."""
        if draft.state == DraftState.DRAFT:
            return [draft.drafted_by]
        able = {
            DraftState.CHECKING: (DraftAction.CHECK, self.checkers),
            DraftState.SIGNING: (DraftAction.ISSUE, self.signers),
        }
        action, people = able.get(DraftState(draft.state), (DraftAction.CHECK, ()))
        return [person for person in people if person_refusal(person, draft, action) is None]

    def words(self, draft: Draft) -> str:
        """Their names; what is wanting where nobody may."""
        names = "、".join(person.display_name for person in self.people(draft))
        if draft.state not in OPEN:
            return ""
        return names or "本单位没有其他人可以办理，请联系账号管理员"


def turns_of(user: User) -> Turns:
    """Of the user's office; one query."""
    people = list(User.objects.filter(office_id=user.office_id, is_active=True).order_by("pk"))
    return Turns(
        [person for person in people if person.holds(Permission.CHECK_DOCUMENT)],
        [person for person in people if person.holds(Permission.SIGN_DOCUMENT)],
    )


def list_waiting(user: User) -> list[Draft]:
    """Drafts that wait for this very person: given back to them, to be checked, to be signed."""
    mine = Q(state=DraftState.DRAFT, drafted_by=user)
    others = Q(pk__in=[])
    for state, permission in _NEEDED.items():
        if user.holds(permission):
            others |= Q(state=state)
    if not _may_do_both(user):
        others &= ~Q(state=DraftState.SIGNING, checked_by=user)
    return list(
        list_drafts(user)
        .filter(mine | (others & ~Q(drafted_by=user) & ~Q(former_drafters__contains=user.pk)))
        .order_by("state_since", "pk")
    )


# --- what may be done ------------------------------------------------------------------------------


def moves_of(user: User, draft: Draft) -> list[Transition]:
    """The steps this person may take now; none that needs another person."""
    return [
        row
        for row in DRAFT_WORKFLOW.actions_from(draft.state, user.permissions)
        if person_refusal(user, draft, row.action) is None
    ]


def may_edit(user: User, draft: Draft) -> bool:
    """Only the drafter words a draft: whoever reworded it could not check it."""
    return (
        draft.state == DraftState.DRAFT
        and draft.drafted_by_id == user.pk
        and user.holds(Permission.DRAFT_DOCUMENT)
    )


def has_drafted(user: User, draft: Draft) -> bool:
    """Whether the person drafts it, or did before it was handed on."""
    return had_hand(user, [draft.drafted_by_id, *draft.former_drafters])


def _may_do_both(user: User) -> bool:
    """Whether one's own post both checks and signs, as the head does in an office of two."""
    return {Permission.CHECK_DOCUMENT, Permission.SIGN_DOCUMENT} <= ROLE_PERMISSIONS[
        Role(user.role)
    ]


def person_refusal(user: User, draft: Draft, action: str) -> Invalid | None:
    """Why this person, though the role permits it, may not take the step."""
    if action == DraftAction.SEND and draft.drafted_by_id != user.pk:
        return Invalid(
            "drafter_only",
            f"本文稿由{draft.drafted_by.display_name}起草，须由拟稿人本人送核稿；"
            "拟稿人不能办理的，请账号管理员把文稿移交给本单位其他拟稿人。",
        )
    if action in {DraftAction.CHECK, DraftAction.ISSUE, DraftAction.GIVE_BACK} and has_drafted(
        user, draft
    ):
        word = "签发" if action == DraftAction.ISSUE else "核稿"
        return Invalid(
            "same_person",
            f"本文稿由您本人起草，拟稿和{word}须由两人办理，请由本单位其他有权限的人员{word}。",
        )
    if (
        action == DraftAction.ISSUE
        and had_hand(user, [draft.checked_by_id])
        and not _may_do_both(user)
    ):
        return Invalid(
            "checker_signs",
            "本文稿由您本人核稿，核稿和签发须由两人办理，请由本单位其他有签发权限的人员签发。",
        )
    return None


# --- what is missing -------------------------------------------------------------------------------


def content_refusal(draft: Draft) -> Invalid | None:
    """What a draft lacks to leave its drafter."""
    if not draft.title.strip():
        return Invalid("title_missing", "还没有标题，请填写标题后再送核稿。", "title")
    texts = [draft.text, *(part["text"] for part in draft.attachments)]
    if not draft.text.strip():
        return Invalid("text_missing", "还没有正文，请填写正文后再送核稿。", "text")
    for text in (draft.title, *texts):
        found = _PLACEHOLDER.search(text)
        if found:
            return Invalid(
                "placeholder_left",
                f"文稿中还有未改写的“{found[0]}”，请填写实际内容或删去后再送核稿。",
                "text",
            )
    unknown = sorted({name for text in texts for name in _TABLE.findall(text)} - set(draft.tables))
    if unknown:
        return Invalid(
            "table_unknown",
            f"正文引用的“【表：{unknown[0]}】”不存在，请核对表名，或删去这一行后再送核稿。",
            "text",
        )
    return None


def warnings_of(draft: Draft) -> list[str]:
    """What deserves a second look but stops nobody."""
    found = list(numbering_problems(draft.text))
    for part in draft.attachments:
        found += [f"附件“{part['title']}”：{each}" for each in numbering_problems(part["text"])]
    if not draft.addressees.strip():
        found.append("没有填写主送机关；除公布性文件外，公文应当写明主送机关。")
    texts = [draft.text, *(part["text"] for part in draft.attachments)]
    used = {name for text in texts for name in _TABLE.findall(text)}
    found += [
        f"表“{name}”没有在正文或附件中引用，不会印出。" for name in draft.tables if name not in used
    ]
    return found


# --- the data a draft rests on -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basis:
    """One piece of data a draft rests on, and whether it still is what it was."""

    kind: str
    label: str
    sha256: str
    is_current: bool


def sources_of(draft: Draft) -> tuple[Source, ...]:
    """The data as they were when the draft was composed."""
    return tuple(
        Source(row["kind"], row["key"], row["label"], row["sha256"]) for row in draft.bound
    )


def read_bases(sources: Iterable[Source]) -> list[Basis]:
    """What each piece of data is like now."""
    return [_basis(source) for source in sources]


def _basis(source: Source) -> Basis:
    kind = data_kind(source.kind)
    is_current = kind.digest_of(source.key) == source.sha256
    return Basis(kind.label, source.label, source.sha256, is_current)


def list_steps(draft: Draft) -> list[DraftStep]:
    """Who did what, newest first."""
    return list(draft.steps.select_related("actor__office").order_by("-at", "-pk"))


# --- drafts made of issued documents ------------------------------------------------------------------


def find_correction(paper: Paper) -> Draft | None:
    """The draft under way that is to replace an issued document."""
    return paper.successors.filter(state__in=OPEN).first()


def find_open(office_id: int, kind: str, subject: str) -> Draft | None:
    """The draft under way of a composing kind on this subject."""
    if not subject:
        return None
    return Draft.objects.filter(
        office_id=office_id, kind=kind, subject=subject, state__in=OPEN
    ).first()


def list_lapsed(user: User) -> list[Paper]:
    """Lapsed documents of the office that nobody has drafted anew yet, oldest first; two queries."""
    if not user.holds(Permission.DRAFT_DOCUMENT):
        return []
    lapsed = list(
        Paper.objects.filter(office_id=user.office_id, status=PaperStatus.LAPSED)
        .exclude(draft__subject="")
        .filter(draft__isnull=False)
        .select_related("draft")
        .order_by("status_at", "pk")
    )
    if not lapsed:
        return []
    later = (
        Draft.objects.filter(office_id=user.office_id, kind__in={row.kind for row in lapsed})
        .exclude(state=DraftState.DISCARDED)
        .values_list("kind", "subject", "pk")
    )
    newest: dict[tuple[str, str], int] = {}
    for kind, subject, pk in later:
        newest[kind, subject] = max(pk, newest.get((kind, subject), 0))
    return [row for row in lapsed if newest[row.draft.kind, row.draft.subject] == row.draft.pk]


def people_of(office_ids: Iterable[int], permissions: Iterable[Permission]) -> list[User]:
    """The active people of these offices who hold any of the permissions; one query."""
    wanted = set(permissions)
    roles = [str(role) for role, held in ROLE_PERMISSIONS.items() if held & wanted]
    return list(
        User.objects.filter(office__in=set(office_ids), role__in=roles, is_active=True).order_by(
            "pk"
        )
    )
