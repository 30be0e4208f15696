"""Official texts worded anew, and what was in force before put in force again."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.administration.models import TextVersion
from county_portal.administration.placeholders import require_known
from county_portal.administration.selectors.texts import (
    SHIPPED_VERSION,
    OfficialText,
    digest_of,
    get_text,
)
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@dataclass(frozen=True, slots=True)
class Rewording:
    """A new wording, why, and the digest of the wording that was on the page."""

    text: str
    reason: str
    seen: str


@transaction.atomic
def reword_text(*, actor: User, name: str, rewording: Rewording) -> TextVersion:
    """Put a wording in force for what is drawn up from now on; documents that exist keep theirs.

    Raises Invalid `text_unknown`, `text_missing`, `text_syntax`, `text_same` or `reason_missing`; Stale where
    another wording has come into force since the page was opened.
    """
    found = _in_force(actor, name, rewording.seen)
    text = rewording.text.replace("\r\n", "\n").strip() + "\n"
    require_known(text, found.shipped)
    if digest_of(text) == found.digest:
        raise Invalid("text_same", "内容与现行文本相同，没有需要保存的修改。", "text")
    return _keep(actor, found, TextVersion(text=text), rewording.reason)


@transaction.atomic
def restore_text(*, actor: User, name: str, number: int, reason: str, seen: str) -> TextVersion:
    """Put an earlier wording in force again, as a new version; number 0: the text as it is shipped.

    Raises Invalid `version_unknown` besides what `reword_text` raises.
    """
    found = _in_force(actor, name, seen)
    if number == SHIPPED_VERSION:
        if not found.is_reworded:
            raise Invalid("text_same", "现行文本就是随平台提供的文本，不必恢复。")
        return _keep(actor, found, TextVersion(is_shipped=True), reason)
    earlier = TextVersion.objects.filter(name=name, number=number).first()
    if earlier is None:
        raise Invalid("version_unknown", f"没有第{number}版，请从历次版本中选择。")
    if earlier.is_shipped:
        return restore_text(
            actor=actor, name=name, number=SHIPPED_VERSION, reason=reason, seen=seen
        )
    rewording = Rewording(earlier.text, reason, seen)
    return reword_text(actor=actor, name=name, rewording=rewording)


def _in_force(actor: User, name: str, seen: str) -> OfficialText:
    if not actor.holds(Permission.MANAGE_TEXTS):
        raise NotAllowed
    found = get_text(name)
    if found.digest != seen:
        raise _changed(found)
    return found


def _changed(found: OfficialText) -> Stale:
    return Stale(
        "text_changed",
        f"“{found.shipped.title}”已被他人修改，没有保存。请重新打开，核对现行文本后再改。",
    )


def _keep(actor: User, found: OfficialText, made: TextVersion, reason: str) -> TextVersion:
    if not reason.strip():
        raise Invalid("reason_missing", "请写明修改原因。", "reason")
    made.name, made.number, made.reason = found.name, found.number + 1, reason.strip()
    made.made_by, made.made_at = actor, clock.now()
    made.digest = digest_of(found.shipped.body if made.is_shipped else made.text)
    try:
        # The number is taken once: of two who save at the same time one is told so.
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise _changed(found) from error
    detail = {
        "digest": [found.digest, made.digest],
        "version": [found.number, made.number],
        "shipped": made.is_shipped,
        "reason": made.reason,
    }
    record(actor, Entry("reword_text", "official_text", found.name, detail))
    return made
