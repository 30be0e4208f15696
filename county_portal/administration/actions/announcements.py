"""Announcements: drafted, published, withdrawn with a reason; a published one changes by a new version only."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.administration.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementState,
    Audience,
    Receipt,
)
from county_portal.administration.selectors.announcements import get_managed
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.files.actions import keep_upload

MOST_FILES = 10
_FIELDS = ("title", "text", "audience", "levels", "roles", "from_on", "until_on", "is_pinned")


@dataclass(frozen=True, slots=True)
class Wording:
    """What an announcement says, to whom, from when until when (inclusive; None: until it is withdrawn)."""

    title: str
    text: str
    audience: str
    from_on: date
    levels: Sequence[str] = ()
    roles: Sequence[str] = ()
    until_on: date | None = None
    is_pinned: bool = False


@transaction.atomic
def draft(*, actor: User, wording: Wording) -> Announcement:
    """Begin an announcement; nobody but those who manage announcements sees it."""
    _require(actor)
    made = Announcement(
        **_values(wording),
        state=AnnouncementState.DRAFT,
        created_by=actor,
        created_at=clock.now(),
    )
    made.save()
    _record(actor, "draft_announcement", made, {"title": made.title})
    return made


@transaction.atomic
def reword(*, actor: User, public_id: UUID, wording: Wording, revision: int) -> Announcement:
    """Change a draft. Raises Stale where somebody saved it since the page was opened."""
    found = _locked(actor, public_id, AnnouncementState.DRAFT)
    if found.revision != revision:
        raise Stale(
            "announcement_changed",
            f"公告“{found.title}”已被他人修改，没有保存。请重新打开，核对后再改。",
        )
    before = {name: _plain(getattr(found, name)) for name in _FIELDS}
    for name, value in _values(wording).items():
        setattr(found, name, value)
    after = {name: _plain(getattr(found, name)) for name in _FIELDS}
    changed = {name: [before[name], after[name]] for name in _FIELDS if before[name] != after[name]}
    if changed:
        found.revision += 1
        found.save()
        _record(actor, "reword_announcement", found, changed)
    return found


@transaction.atomic
def attach(*, actor: User, public_id: UUID, upload: UploadedFile) -> AnnouncementFile:
    """Add a file to a draft, scanned like any upload. Raises Invalid `too_many_files` besides the file's own."""
    found = _locked(actor, public_id, AnnouncementState.DRAFT)
    if found.files.count() >= MOST_FILES:
        raise Invalid(
            "too_many_files",
            f"公告“{found.title}”已有{MOST_FILES}个附件，请先删去不用的再上传。",
            "file",
        )
    file = keep_upload(actor=actor, upload=upload)
    row = AnnouncementFile.objects.create(announcement=found, file=file)
    _record(actor, "attach_to_announcement", found, {"file": file.name, "sha256": file.sha256})
    return row


@transaction.atomic
def detach(*, actor: User, public_id: UUID, file_id: UUID) -> None:
    """Take a file off a draft; the versions before keep theirs."""
    found = _locked(actor, public_id, AnnouncementState.DRAFT)
    row = found.files.select_related("file").filter(public_id=file_id).first()
    if row is None:
        raise Stale("file_gone", "这个附件已经删去，页面可能已过期，请重新打开。")
    _record(
        actor,
        "detach_from_announcement",
        found,
        {"file": row.file.name, "sha256": row.file.sha256},
    )
    row.delete()


@transaction.atomic
def publish(*, actor: User, public_id: UUID, revision: int) -> Announcement:
    """Tell it; the version before it, if any, is replaced in the same act.

    Raises Invalid `announcement_over` where its last day has passed, Stale where it is no draft as it was shown.
    """
    found = _locked(actor, public_id, AnnouncementState.DRAFT)
    if found.revision != revision:
        raise Stale(
            "announcement_changed",
            f"公告“{found.title}”在您打开页面后又有修改，没有发布。请核对后再发布。",
        )
    if found.until_on is not None and found.until_on < clock.today():
        raise Invalid(
            "announcement_over",
            f"公告“{found.title}”的截止日期{found.until_on:%Y-%m-%d}已过，请改期后发布。",
            "until_on",
        )
    now = clock.now()
    if found.previous_id is not None:
        old = _locked_row(actor, found.previous_id)
        if old.state == AnnouncementState.PUBLISHED:
            old.state, old.ended_at = AnnouncementState.REPLACED, now
            old.save(update_fields=["state", "ended_at"])
    found.state, found.published_by, found.published_at = AnnouncementState.PUBLISHED, actor, now
    found.save(update_fields=["state", "published_by", "published_at"])
    detail = {"title": found.title, "version": found.version, "audience": found.audience_words}
    _record(actor, "publish_announcement", found, detail)
    return found


@transaction.atomic
def withdraw(*, actor: User, public_id: UUID, reason: str) -> Announcement:
    """Take a published announcement back; it stays readable for those who manage. Raises Invalid `reason_missing`."""
    found = _locked(actor, public_id, AnnouncementState.PUBLISHED)
    if not reason.strip():
        raise Invalid("reason_missing", f"请写明撤回“{found.title}”的原因。", "reason")
    found.state, found.reason = AnnouncementState.WITHDRAWN, reason.strip()
    found.ended_at = clock.now()
    found.save(update_fields=["state", "reason", "ended_at"])
    _record(actor, "withdraw_announcement", found, {"title": found.title, "reason": found.reason})
    return found


@transaction.atomic
def begin_version(*, actor: User, public_id: UUID) -> Announcement:
    """A draft of the next version, files and all; the one that stands goes on standing until it is published."""
    _require(actor)
    found = get_managed(actor, public_id, lock=True)
    if found.state not in {AnnouncementState.PUBLISHED, AnnouncementState.WITHDRAWN}:
        raise _wrong_state(found)
    if Announcement.objects.filter(previous=found).exists():
        raise Stale(
            "version_begun", f"公告“{found.title}”的新版已经起草，请在公告列表中打开那一份。"
        )
    made = Announcement(
        **{name: getattr(found, name) for name in _FIELDS},
        version=found.version + 1,
        previous=found,
        state=AnnouncementState.DRAFT,
        created_by=actor,
        created_at=clock.now(),
    )
    made.save()
    AnnouncementFile.objects.bulk_create(
        [AnnouncementFile(announcement=made, file_id=row.file_id) for row in found.files.all()]
    )
    _record(actor, "begin_announcement_version", made, {"of": str(found.public_id)})
    return made


@transaction.atomic
def discard(*, actor: User, public_id: UUID) -> None:
    """Drop a draft that nobody was told."""
    found = _locked(actor, public_id, AnnouncementState.DRAFT)
    _record(actor, "discard_announcement", found, {"title": found.title, "text": found.text})
    found.delete()


def mark_read(*, reader: User, announcement: Announcement) -> None:
    """Keep when somebody first opened it; nothing for those who only manage it as a draft."""
    if announcement.state == AnnouncementState.DRAFT or reader.is_practice:
        return
    Receipt.objects.bulk_create(
        [Receipt(announcement=announcement, reader=reader, at=clock.now())], ignore_conflicts=True
    )


def _require(actor: User) -> None:
    if not actor.holds(Permission.MANAGE_NOTICES):
        raise NotAllowed


def _locked(actor: User, public_id: UUID, state: AnnouncementState) -> Announcement:
    _require(actor)
    found = get_managed(actor, public_id, lock=True)
    if found.state != state:
        raise _wrong_state(found)
    return found


def _locked_row(actor: User, pk: int) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).get(pk=pk)


def _wrong_state(found: Announcement) -> Stale:
    return Stale(
        "announcement_state",
        f"公告“{found.title}”{found.get_state_display()}，不能办理此事项。页面可能已过期，请重新打开。",
    )


def _values(wording: Wording) -> dict[str, object]:
    """The fields of a wording that makes sense. Raises Invalid."""
    values = asdict(wording)
    for name, words in (("title", "标题"), ("text", "正文")):
        values[name] = values[name].strip()
        if not values[name]:
            raise Invalid(f"{name}_missing", f"请填写公告的{words}。", name)
    for audience, name, words in (
        (Audience.LEVELS, "levels", "层级"),
        (Audience.POSTS, "roles", "岗位"),
    ):
        values[name] = list(values[name]) if wording.audience == audience else []
        if wording.audience == audience and not values[name]:
            raise Invalid(f"{name}_missing", f"发布范围按{words}的，请至少选择一个{words}。", name)
    if wording.until_on is not None and wording.until_on < wording.from_on:
        raise Invalid("until_before_from", "截止日期早于起始日期，请改正其中一个。", "until_on")
    return values


def _plain(value: object) -> object:
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def _record(actor: User, act: str, found: Announcement, detail: Mapping[str, object]) -> None:
    record(actor, Entry(act, "announcement", str(found.public_id), detail))
