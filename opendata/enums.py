"""Names of what a token may be used for."""

from django.db import models

from county_portal.accounts.roles import Permission


class Scope(models.TextChoices):
    """What a token opens, at the most: the post of the account it belongs to limits it further."""

    READ_SHEETS = "sheets:read", "读取填报表"
    WRITE_SHEETS = "sheets:write", "写入填报表"
    READ_MONTHLY = "monthly:read", "读取月报"
    WRITE_MONTHLY = "monthly:write", "写入月报"
    READ_RESULTS = "results:read", "读取评价结果"


_P = Permission
# Any one of these must be held by the account, now as on the day the token was issued.
SCOPE_PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    Scope.READ_SHEETS: (_P.VIEW_SUBMISSIONS, _P.PROVIDE),
    Scope.WRITE_SHEETS: (_P.FILL, _P.PROVIDE),
    Scope.READ_MONTHLY: (_P.VIEW_SUBMISSIONS,),
    Scope.WRITE_MONTHLY: (_P.FILL,),
    Scope.READ_RESULTS: (_P.VIEW_REPORT_CARD,),
}
