"""Issuing and revoking tokens, each with its entry in the audit record."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import clean_text
from opendata.enums import Scope
from opendata.models import ApiToken
from opendata.selectors.tokens import allowed_scopes, digest_of_token, get_token, may_revoke

MAX_DAYS = 366
# A token is used many times a minute; the page needs the minute at the most.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is issued for; it ends after so many days."""

    name: str
    holder: User
    scopes: Sequence[str]
    days: int


@transaction.atomic
def issue_token(*, actor: User, wanted: NewToken) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is nowhere kept.

    Raises Invalid for a scope that the post of the account does not allow, and for one that ends too late.
    """
    if not actor.holds(Permission.MANAGE_TOKENS):
        raise NotAllowed
    _refuse(wanted)
    prefix = f"cp_{secrets.token_hex(4)}"
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    now = clock.now()
    token = ApiToken.objects.create(
        name=wanted.name,
        holder=wanted.holder,
        scopes=sorted(set(wanted.scopes)),
        prefix=prefix,
        digest=digest_of_token(text),
        issued_by=actor,
        issued_at=now,
        expires_on=clock.today() + timedelta(days=wanted.days),
    )
    detail: dict[str, object] = {
        "prefix": prefix,
        "holder": wanted.holder.login,
        "scopes": token.scopes,
        "expires_on": token.expires_on.isoformat(),
    }
    record(actor, _entry("issue_token", token, detail))
    return token, text


def _refuse(wanted: NewToken) -> None:
    if not wanted.scopes:
        raise Invalid("scopes_missing", "请至少选择一项范围。", "scopes")
    if not 1 <= wanted.days <= MAX_DAYS:
        raise Invalid("days_out_of_range", f"有效期请填写1至{MAX_DAYS}天。", "days")
    if not wanted.holder.is_active:
        raise Invalid("holder_disabled", "所选账号已停用，请另选账号。", "holder")
    allowed = allowed_scopes(wanted.holder)
    for scope in wanted.scopes:
        if scope not in allowed:
            label = Scope(scope).label if scope in Scope.values else scope
            role = wanted.holder.get_role_display()
            raise Invalid(
                "scope_not_for_post",
                f"“{role}”不能“{label}”，请去掉这一项或另选账号。",
                "scopes",
            )


@transaction.atomic
def revoke_token(*, actor: User, public_id: UUID, reason: str) -> ApiToken:
    """Stop a token for good. Raises Stale for one that was stopped before."""
    token = get_token(actor, public_id, lock=True)
    if not may_revoke(actor, token):
        raise NotAllowed
    words = _reason(reason)
    if token.is_revoked:
        raise Stale("token_revoked", f"令牌{token.prefix}已经停用，无需再次办理。")
    token.revoked_by, token.revoked_at, token.revoked_reason = actor, clock.now(), words
    token.save(update_fields=["revoked_by", "revoked_at", "revoked_reason"])
    record(actor, _entry("revoke_token", token, {"prefix": token.prefix, "reason": words}))
    return token


def _reason(text: str) -> str:
    try:
        words = clean_text(text).strip()
    except ValueError:
        words = ""
    if not words or len(words) > 200:  # noqa: PLR2004 -- what the table keeps
        raise Invalid("reason_missing", "请填写停用原因，最多200字。", "reason")
    return words


def note_use(token: ApiToken) -> None:
    """Remember when a token was last used, to the minute."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= _NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _entry(act: str, token: ApiToken, detail: dict[str, object]) -> Entry:
    region = token.holder.office.region
    code = region.code if region else ""
    return Entry(act, "api_token", str(token.public_id), detail, region_code=code)
