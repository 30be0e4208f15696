"""Ledgers, measures and duties somebody may see; what he may do with them."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from measures.models import Duty, EntryFile, Goal, Ledger, Measure


def list_ledgers(user: User) -> QuerySet[Ledger]:
    """Ledgers somebody may see whole."""
    return Ledger.objects.visible_to(user).select_related("office__region")


def get_ledger(user: User, public_id: UUID, *, lock: bool = False) -> Ledger:
    """One of those; 404 otherwise."""
    ledgers = list_ledgers(user)
    if lock:
        ledgers = ledgers.select_for_update(of=("self",))
    return get_object_or_404(ledgers, public_id=public_id)


def may_keep(user: User, ledger: Ledger) -> bool:
    """Whether this person keeps the ledger: of its office, and of the post."""
    return user.holds(Permission.KEEP_MEASURES) and ledger.office_id == user.office_id


def _measures(user: User) -> QuerySet[Measure]:
    """Of ledgers seen whole, and those one's own office answers for."""
    whole = Q(ledger__in=Ledger.objects.visible_to(user).values("pk"))
    if not user.holds(Permission.REPORT_MEASURES):
        return Measure.objects.filter(whole)
    own = Q(pk__in=Duty.objects.filter(office_id=user.office_id).values("measure"))
    return Measure.objects.filter(whole | own)


def get_measure(user: User, public_id: UUID, *, lock: bool = False) -> Measure:
    """A measure of a ledger one sees, or that one's office answers for; 404 otherwise."""
    measures = _measures(user).select_related("ledger__office__region", "part")
    if lock:
        measures = measures.select_for_update(of=("self",))
    return get_object_or_404(measures, public_id=public_id)


def get_goal(user: User, public_id: UUID) -> Goal:
    """A goal of a measure one sees; 404 otherwise."""
    return get_object_or_404(Goal, public_id=public_id, measure__in=_measures(user).values("pk"))


def _reportable(user: User) -> QuerySet[Duty]:
    """Duties of one's own office; those without an office are reported by whoever keeps the ledger."""
    if not user.holds(Permission.REPORT_MEASURES):
        return Duty.objects.none()
    return Duty.objects.filter(
        Q(office_id=user.office_id)
        | Q(office__isnull=True, measure__ledger__office_id=user.office_id)
    )


def get_reportable(user: User, public_id: UUID, *, lock: bool = False) -> Duty:
    """A duty this person reports for; 404 otherwise."""
    duties = _reportable(user).select_related(
        "measure__ledger__office__region", "measure__part", "office"
    )
    if lock:
        duties = duties.select_for_update(of=("self",))
    return get_object_or_404(duties, public_id=public_id)


def get_duty(user: User, public_id: UUID, *, lock: bool = False) -> Duty:
    """A duty of a measure one sees; 404 otherwise."""
    duties = Duty.objects.filter(measure__in=_measures(user).values("pk")).select_related(
        "measure__ledger__office", "office"
    )
    if lock:
        duties = duties.select_for_update(of=("self",))
    return get_object_or_404(duties, public_id=public_id)


def is_reporter(user: User, duty_office_id: int | None, ledger: Ledger) -> bool:
    """Whether this person reports for a duty of that office."""
    if not user.holds(Permission.REPORT_MEASURES):
        return False
    return (duty_office_id or ledger.office_id) == user.office_id


def get_entry_file(user: User, public_id: UUID) -> EntryFile:
    """Evidence of a measure one sees; 404 otherwise."""
    files = EntryFile.objects.filter(
        entry__duty__measure__in=_measures(user).values("pk")
    ).select_related("file")
    return get_object_or_404(files, public_id=public_id)


# --- what one keeps oneself --------------------------------------------------------------------------


def get_kept_ledger(user: User, public_id: UUID) -> Ledger:
    """A ledger of one's own office that one keeps; 404 otherwise."""
    ledger = get_ledger(user, public_id)
    if not may_keep(user, ledger):
        raise Http404
    return ledger


def get_kept_measure(user: User, public_id: UUID) -> Measure:
    """A measure of such a ledger; 404 otherwise."""
    measure = get_measure(user, public_id)
    if not may_keep(user, measure.ledger):
        raise Http404
    return measure


def get_kept_duty(user: User, public_id: UUID) -> Duty:
    """A unit's part in such a measure; 404 otherwise."""
    duty = get_duty(user, public_id)
    if not may_keep(user, duty.measure.ledger):
        raise Http404
    return duty
