"""The daily mail: at most one a person and day, tried again where it surely was not taken.

SMTP cannot say "once": between the server's taking a mail and our hearing of it the line may break. A
mail of which that is not known is not sent again; its notices stand in the portal and in tomorrow's mail.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from county_portal.common import clock
from county_portal.notices.models import MailDigest, Notice
from county_portal.notices.selectors import Addressee, list_addressees, list_for_mail

log = structlog.get_logger(__name__)

# What `MailDigest.error` says while the outcome is not known; neither is tried again that day.
SENDING = "发送中"
UNCERTAIN = "连接中断，结果不明，不再重发"
# Titles a mail lists; the rest are counted.
LISTED = 30


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did."""

    sent: int = 0
    failed: int = 0
    untouched: int = 0


def is_configured() -> bool:
    """Whether this portal sends mail at all."""
    return bool(settings.EMAIL_CONFIGURED)


def send_digests(on: date | None = None) -> Sent:
    """Send each person's mail of the day that has not been sent; may be called as often as one likes."""
    if not is_configured():
        return Sent()
    on, until = on or clock.today(), clock.now()
    due = list_addressees(until)
    if not due:
        return Sent()
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail_server_unreachable", error=str(error), waiting=len(due))
        return Sent(failed=len(due))
    try:
        outcomes = [_send_to(addressee, on, until, connection) for addressee in due]
    finally:
        connection.close()
    return Sent(outcomes.count(True), outcomes.count(False), outcomes.count(None))


def _send_to(addressee: Addressee, on: date, until: datetime, connection: Any) -> bool | None:
    """True: sent; False: surely not; None: not tried, or nobody knows."""
    notices = list_for_mail(addressee, until)
    digest = _claim(addressee, on, len(notices))
    if digest is None:
        return None
    mail = _mail(addressee, on, notices, connection)
    try:
        mail.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        _settle(digest, error=str(error))
        return False
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail_outcome_unknown", digest=digest.pk, error=str(error))
        _settle(digest, error=UNCERTAIN)
        return None
    _settle(digest, sent_at=until)
    return True


def _claim(addressee: Addressee, on: date, count: int) -> MailDigest | None:
    """Today's row, marked as being sent and committed, or None if another run has it or had it."""
    with transaction.atomic():
        digest, _ = MailDigest.objects.get_or_create(
            recipient=addressee.user, on=on, defaults={"notices": count}
        )
        free = MailDigest.objects.filter(pk=digest.pk, sent_at__isnull=True)
        taken = free.exclude(error__in=[SENDING, UNCERTAIN]).update(error=SENDING, notices=count)
    return digest if taken else None


def _settle(digest: MailDigest, *, sent_at: datetime | None = None, error: str = "") -> None:
    MailDigest.objects.filter(pk=digest.pk).update(sent_at=sent_at, error=error[:300])


def _mail(
    addressee: Addressee, on: date, notices: Sequence[Notice], connection: Any
) -> EmailMessage:
    site = settings.PORTAL_SITE["site_name"]
    day = f"{on.month}月{on.day}日"
    return EmailMessage(
        subject=f"【{site}】{day}通知摘要（{len(notices)}条）",
        body=_body(addressee, site, notices),
        to=[addressee.user.email],
        connection=connection,
    )


def _body(addressee: Addressee, site: str, notices: Sequence[Notice]) -> str:
    """Titles and links alone: a mail box is no place for figures or for what was said about them."""
    lines = [f"您在{site}有{len(notices)}条新通知：", ""]
    for place, notice in enumerate(notices[:LISTED], 1):
        lines.append(f"{place}. {notice.title}")
        link = _link(reverse("notices:open", args=[notice.public_id]))
        lines += [f"   {link}"] if link else []
    if len(notices) > LISTED:
        lines.append(f"另有{len(notices) - LISTED}条，请登录平台查看。")
    lines += ["", f"请登录{site}办理：{_link(reverse('notices:list'))}".rstrip("：")]
    lines.append("本邮件由系统自动发送，一天最多一封；如不需要，可在平台“个人设置”中关闭。")
    return "\n".join(lines) + "\n"


def _link(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}" if settings.PORTAL_URL else ""
