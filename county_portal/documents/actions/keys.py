"""The key that receipts are signed with: made, entered among the published ones, retired by the next."""

from http import HTTPStatus

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.common.errors import Refused
from county_portal.documents.keys import SigningKey, make_key, newest_key
from county_portal.documents.models import VerificationKey

# One at a time: two workers that both find no key must not make two.
_KEYS_LOCK = 0x6B657973


def signing_key() -> SigningKey:
    """The key in use, published before anything is signed with it. Belongs into the caller's transaction.

    Raises Refused where there is none, or only an old one; a demonstration makes its own.
    """
    key, row = _in_use()
    if row.retired_at is not None:
        # Renewed while we waited for it; the new one is there now.
        key, row = _in_use()
    if row.retired_at is not None:
        raise Refused(
            "document_key_retired",
            f"密钥目录中最新的签名密钥“{key.kid}”已经停用，可能恢复了旧的备份，不能生成公文文件。"
            "请系统管理员恢复新密钥，或执行“manage.py document_keys --new”更换密钥后重新生成。",
            HTTPStatus.SERVICE_UNAVAILABLE,
        )
    return key


def _in_use() -> tuple[SigningKey, VerificationKey]:
    key = newest_key() or _first_key()
    # Locked until the end: a key is not retired while something is being signed with it.
    rows = VerificationKey.objects.select_for_update(of=("self",), no_key=True)
    return key, rows.filter(kid=key.kid).first() or _enter(key, None)


def _first_key() -> SigningKey:
    if not settings.IS_DEMONSTRATION:
        raise Refused(
            "no_document_key",
            "尚未建立核验凭据的签名密钥，不能生成公文文件。请系统管理员执行“manage.py document_keys --new”后重新生成。",
            HTTPStatus.SERVICE_UNAVAILABLE,
        )
    _lock()
    return newest_key() or make_key(timezone.now())


@transaction.atomic
def renew_key(*, actor: User | None) -> VerificationKey:
    """Make a new key and retire the others; receipts made before stay valid. `actor` None: on the server itself."""
    _lock()
    in_use = VerificationKey.objects.select_for_update(of=("self",)).filter(retired_at__isnull=True)
    held = [row.pk for row in in_use]
    # Read after the wait: what was signed meanwhile must not be dated later than its key's retirement.
    now = timezone.now()
    VerificationKey.objects.filter(pk__in=held).update(retired_at=now)
    return _enter(make_key(now), actor)


def _enter(key: SigningKey, actor: User | None) -> VerificationKey:
    _lock()
    # The real clock: played time would retire keys before they were made.
    row, is_new = VerificationKey.objects.get_or_create(
        kid=key.kid, defaults={"public_pem": key.public_pem, "created_at": timezone.now()}
    )
    if is_new:
        record(actor, Entry("publish_key", "verification_key", key.kid, {"kid": key.kid}))
    return row


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_KEYS_LOCK])
