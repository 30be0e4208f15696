"""Golden cases: they belong to a version and move only with it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from county_portal.accounts.models import User
from county_portal.common.errors import Invalid
from scoring.actions.case_rows import keep_cases
from scoring.actions.scheme_drafts import DraftKey, open_draft, touch_draft
from scoring.models import GoldenCase
from scoring.schemes.golden import Case
from scoring.selectors.schemes import get_case


@transaction.atomic
def add_case(*, actor: User, key: DraftKey, case: Case) -> GoldenCase:
    """A case more; a tested version is tested again.

    Raises Invalid for a name used before, or a case that expects nothing.
    """
    version = open_draft(actor, key)
    if not case.expected.lines and case.expected.total is None:
        raise Invalid(
            "case_expects_nothing",
            "用例没有填写任何应得分，无法验证。请至少填写一项应得分。",
            "expected",
        )
    if version.golden_cases.filter(name=case.name).exists():
        raise Invalid("case_name_used", f"已有名为“{case.name}”的用例，请另取名称。", "name")
    last = version.golden_cases.aggregate(Max("order"))["order__max"] or 0
    keep_cases(version, [case], last + 1)
    touch_draft(actor, version, "add_golden_case", {"name": case.name, "source": case.source})
    return version.golden_cases.get(name=case.name)


@transaction.atomic
def remove_case(*, actor: User, key: DraftKey, case_id: UUID) -> None:
    """A case less; a tested version is tested again."""
    version = open_draft(actor, key)
    case = get_case(version, case_id)
    name = case.name
    case.delete()
    touch_draft(actor, version, "remove_golden_case", {"name": name})
