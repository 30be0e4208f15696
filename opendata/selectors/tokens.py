"""Tokens: who sees which, and what one that is shown opens."""

import hashlib
from http import HTTPStatus
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission, Role
from county_portal.common.errors import NotAllowed, Refused
from opendata.enums import SCOPE_PERMISSIONS, Scope
from opendata.models import ApiToken

# Posts that push figures or read them; the others have nothing that a token could open.
HOLDERS = tuple(
    role
    for role in Role
    if role in {Role.COUNTY_FILLER, Role.COUNTY_LEAD, Role.COUNTY_PROVIDER, Role.CITY_REVIEWER}
    or role == Role.PROVINCE_MANAGER
)


def list_tokens(user: User) -> QuerySet[ApiToken]:
    """All for the administrators, those of one's own office for everybody else."""
    tokens = ApiToken.objects.select_related("holder__office", "issued_by", "revoked_by")
    if user.holds(Permission.MANAGE_TOKENS) or user.holds(Permission.REVOKE_TOKENS):
        return tokens
    return tokens.filter(holder__office=user.office_id)


def get_token(user: User, public_id: UUID, *, lock: bool = False) -> ApiToken:
    """One of those; 404 otherwise."""
    tokens = list_tokens(user)
    if lock:
        tokens = tokens.select_for_update(of=("self",))
    return get_object_or_404(tokens, public_id=public_id)


def may_revoke(user: User, token: ApiToken) -> bool:
    """The security administrator any, the head of the office its own, and its holder."""
    is_own = token.holder.office_id == user.office_id
    return (
        user.holds(Permission.REVOKE_TOKENS)
        or token.holder_id == user.pk
        or (is_own and user.holds(Permission.SUBMIT))
    )


def list_holders(text: str = "") -> QuerySet[User]:
    """Accounts a token may belong to, by name, login or office."""
    users = User.objects.filter(is_active=True, role__in=HOLDERS).select_related("office")
    words = text.strip()
    if words:
        users = users.filter(
            Q(login__icontains=words)
            | Q(display_name__icontains=words)
            | Q(office__name__icontains=words)
        )
    return users.order_by("office__name", "login")


def allowed_scopes(user: User) -> list[Scope]:
    """What the post of an account lets a token open; never what a deputyship adds to it for some days."""
    return [scope for scope in Scope if user.own_permissions.intersection(SCOPE_PERMISSIONS[scope])]


def digest_of_token(text: str) -> str:
    """What is kept of a token. It holds 256 random bits, so that a plain digest cannot be turned back."""
    return hashlib.sha256(text.encode()).hexdigest()


def authenticate_token(text: str) -> ApiToken:
    """The token of this text. Raises Refused 401 for none, an unknown, a revoked or an expired one."""
    if not text:
        raise _unauthorised("token_missing", "请在Authorization请求头中提供令牌：Bearer 令牌。")
    tokens = ApiToken.objects.select_related("holder__office__region")
    token = tokens.filter(digest=digest_of_token(text)).first()
    if token is None:
        raise _unauthorised("token_unknown", "令牌无效，请核对是否完整，或联系系统管理员重新签发。")
    if token.is_revoked:
        raise _unauthorised(
            "token_revoked", f"令牌{token.prefix}已停用，请联系系统管理员重新签发。"
        )
    if token.is_expired:
        raise _unauthorised(
            "token_expired",
            f"令牌{token.prefix}已于{token.expires_on:%Y-%m-%d}到期，请联系系统管理员重新签发。",
        )
    if not token.holder.is_active:
        raise _unauthorised("holder_disabled", f"令牌{token.prefix}所属账号已停用，令牌不能使用。")
    # A program stands in for nobody: it has what the post has.
    token.holder.deputyship = None
    return token


def _unauthorised(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, HTTPStatus.UNAUTHORIZED)


def require_scope(token: ApiToken, scope: str) -> None:
    """Raise NotAllowed unless the token has the scope and its account still the post for it."""
    label = Scope(scope).label
    if scope not in token.scopes:
        raise NotAllowed(
            "scope_missing", f"令牌{token.prefix}的范围不含“{label}”（{scope}），请联系系统管理员。"
        )
    if not any(map(token.holder.holds, SCOPE_PERMISSIONS[scope])):
        raise NotAllowed(
            "post_lacks_permission", f"令牌所属账号的岗位不能“{label}”，请联系系统管理员。"
        )
