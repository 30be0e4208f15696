"""Uses of the special fund: entered with their document, taken back with a reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.numbers import plain
from uplift.enums import VersionState
from uplift.models import Plan, PlanVersion, Spending
from uplift.selectors.plans import get_draft
from uplift.selectors.progress import get_spending, spent_by_year


@dataclass(frozen=True, slots=True)
class SpendingInput:
    """A use as entered; amount in yuan."""

    year: int
    amount: Decimal
    use: str
    document_number: str
    spent_on: date
    region: Region | None = None


@transaction.atomic
def record_spending(*, actor: User, version_id: UUID, data: SpendingInput) -> Spending:
    """Enter a use of the fund of the plan in force.

    Raises Invalid for a year without fund, more than is left of it, or a day that has not come.
    """
    if not actor.holds(Permission.PLAN_UPLIFT):
        raise NotAllowed
    version = _in_force(actor, version_id)
    # One at a time: two entries must not both take what is left.
    Plan.objects.select_for_update(of=("self",)).get(pk=version.plan_id)
    if data.spent_on > clock.today():
        raise Invalid("spent_in_future", "下达日期晚于今天，请核对。", "spent_on")
    if data.amount <= 0:
        raise Invalid("amount_not_positive", "金额应大于0元，请核对。", "amount")
    planned = version.fund_years.filter(year=data.year).first()
    if planned is None:
        raise Invalid(
            "year_without_fund",
            f"计划没有安排{data.year}年的专项资金，请核对年度，或先修订计划。",
            "year",
        )
    left = planned.amount - spent_by_year(version.plan).get(data.year, Decimal(0))
    if data.amount > left:
        raise Invalid(
            "fund_overspent",
            f"{data.year}年专项资金还剩{plain(left)}元，本次{plain(data.amount)}元超出，请核对金额；确需追加的，请先修订计划。",
            "amount",
        )
    entry = Spending.objects.create(
        plan=version.plan,
        year=data.year,
        amount=data.amount,
        use=data.use,
        region=data.region,
        document_number=data.document_number,
        spent_on=data.spent_on,
        entered_by=actor,
        entered_at=clock.now(),
    )
    detail = {
        "spending": str(entry.public_id),
        "year": data.year,
        "amount": plain(data.amount),
        "document_number": data.document_number,
    }
    record(actor, Entry("record_uplift_spending", "uplift_plan", _key(version), detail))
    return entry


def _in_force(actor: User, version_id: UUID) -> PlanVersion:
    version = get_draft(actor, version_id, lock=True)
    if version.state != VersionState.SETTLED:
        raise Stale("not_in_force", "专项资金登记在执行中的计划上。请打开执行中的版本后再登记。")
    return version


def _key(version: PlanVersion) -> str:
    return str(version.plan.public_id)


@transaction.atomic
def revoke_spending(*, actor: User, version_id: UUID, entry_id: UUID, reason: str) -> Spending:
    """Take an entry back; it stays to be read, with the reason."""
    if not actor.holds(Permission.PLAN_UPLIFT):
        raise NotAllowed
    version = _in_force(actor, version_id)
    entry = get_spending(version, entry_id, lock=True)
    if not reason.strip():
        raise Invalid("reason_required", "请写明撤销登记的原因。", "reason")
    if entry.revoked_at is not None:
        raise Stale("already_revoked", "这笔登记已经撤销，请刷新页面查看。")
    entry.revoked_by, entry.revoked_at = actor, clock.now()
    entry.revoke_reason = reason.strip()
    entry.save()
    detail = {"spending": str(entry.public_id), "reason": reason.strip()}
    record(actor, Entry("revoke_uplift_spending", "uplift_plan", _key(version), detail))
    return entry
