"""The 督导专报 of a ledger's month: who may have it drafted, what it says, what it is bound to."""

from datetime import date

from django.http import Http404

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.documents.enums import Layout
from county_portal.documents.kinds import Composed, DataKind, DocumentKind, Source
from measures.enums import MONTH_DATA, SUPERVISION_REPORT
from measures.models import Ledger
from measures.rules.months import month_of, month_words
from measures.selectors.ledgers import get_ledger, may_keep
from measures.selectors.reports import key_of, lock_month, month_digest, read_key, read_month
from measures.supervision_report import TEMPLATE, compose_report


def compose(actor: User, subject: str) -> Composed:
    """The draft on `<ledger>:<year>-<month>`; 404 for what is none, NotAllowed for another's ledger.

    Raises Invalid while the month is not over.
    """
    try:
        ledger_id, month = read_key(subject)
    except ValueError as error:
        raise Http404 from error
    ledger = get_ledger(actor, ledger_id)
    if not may_keep(actor, ledger):
        raise NotAllowed
    return compose_for(ledger, month)


def compose_for(ledger: Ledger, month: date) -> Composed:
    """What the report on a month says now."""
    refusal = month_refusal(ledger, month)
    if refusal:
        raise refusal
    read = read_month(ledger, month)
    label = f"“{ledger.title}”{month_words(month)}进展"
    source = Source(MONTH_DATA, key_of(ledger, month), label, read.digest)
    return compose_report(read, addressee_of(ledger), source)


def month_refusal(ledger: Ledger, month: date) -> Invalid | None:
    """Why there is no report on a month: before the ledger, or not over yet."""
    if month >= month_of(clock.today()):
        return Invalid(
            "month_not_over", f"{month_words(month)}还没有结束，结束后再生成督导专报。", "month"
        )
    if month < month_of(ledger.starts_on):
        return Invalid(
            "month_before_ledger", f"{month_words(month)}早于台账开始日期，没有督导专报。", "month"
        )
    if ledger.ends_on and month > month_of(ledger.ends_on):
        return Invalid(
            "month_after_ledger",
            f"台账已于{month_words(ledger.ends_on)}结束，此后没有督导专报。",
            "month",
        )
    return None


def addressee_of(ledger: Ledger) -> str:
    """市委、市政府: by what the keeper's region calls itself (S3 四-4: 呈报市委、市政府主要领导)."""
    region = ledger.office.region
    level = region.name[-1] if region else ""
    return f"{level}委、{level}政府"


MONTH_KIND = DataKind(MONTH_DATA, "措施台账月度进展", month_digest, lock_month)
REPORT_KIND = DocumentKind(
    SUPERVISION_REPORT, "督导专报", (Layout.UPWARD, Layout.GENERAL), TEMPLATE, compose
)
