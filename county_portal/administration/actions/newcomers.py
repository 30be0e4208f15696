"""Taking on the people of a workbook: passwords hashed one by one by a job, all accounts made together, slips once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from county_portal.accounts.actions import NewAccount, create_hashed
from county_portal.accounts.models import User, canonical_login
from county_portal.accounts.passwords import initial_password
from county_portal.accounts.roles import Permission, Role
from county_portal.administration.models import Newcomer, SlipBatch
from county_portal.administration.sealing import make_pair, open_all, seal
from county_portal.administration.selectors.newcomers import PEOPLE_JOB, get_batch, job_of
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job, JobUnit
from county_portal.jobs.registry import Outcome

# How long slips wait to be shown; as long as the browser keeps the key.
SLIPS_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody new is told: shown once."""

    login: str
    display_name: str
    role: str
    office: str
    password: str


@transaction.atomic
def take_on(*, actor: User, accounts: Sequence[NewAccount]) -> tuple[SlipBatch, str]:
    """Start making the accounts; returns the batch and the key that opens its slips, which is kept nowhere."""
    if not actor.holds(Permission.MANAGE_USERS):
        raise NotAllowed
    pair = make_pair()
    batch = SlipBatch.objects.create(
        requested_by=actor,
        requested_at=clock.now(),
        count=len(accounts),
        public_key=pair.public,
    )
    Newcomer.objects.bulk_create(
        Newcomer(
            batch=batch,
            ordinal=ordinal,
            login=canonical_login(account.login),
            display_name=account.display_name,
            role=account.role,
            office=account.office,
            phone=account.phone,
            email=account.email,
        )
        for ordinal, account in enumerate(accounts)
    )
    logins = [canonical_login(account.login) for account in accounts]
    order = Order(PEOPLE_JOB, f"批量建立{batch.count}个账号", str(batch.public_id), logins)
    start_job(actor=actor, order=order)
    return batch, pair.private


def hash_one(job: Job, unit: JobUnit) -> Mapping[str, Any]:
    """A password made, hashed, sealed and forgotten."""
    newcomer = Newcomer.objects.select_related("batch").get(
        batch__public_id=job.subject, login=unit.key
    )
    password = initial_password()
    newcomer.password_hash = make_password(password)
    newcomer.sealed = seal(password, newcomer.batch.public_key)
    newcomer.save(update_fields=["password_hash", "sealed"])
    return {}


def make_all(job: Job) -> Outcome:
    """All the accounts or none; the hashes lie with the accounts from then on. Raises Invalid like `create_user`."""
    newcomers = Newcomer.objects.filter(batch__public_id=job.subject).select_related("office")
    hashed = [
        (
            NewAccount(
                row.login, row.display_name, Role(row.role), row.office, row.phone, row.email
            ),
            row.password_hash,
        )
        for row in newcomers
    ]
    create_hashed(actor=job.requested_by, hashed=hashed)
    newcomers.update(password_hash="")
    return Outcome()


def drop_newcomers(job: Job) -> None:
    """Nobody was made: what was typed of them is not kept either."""
    Newcomer.objects.filter(batch__public_id=job.subject).delete()


@transaction.atomic
def show_slips(*, actor: User, public_id: UUID, key: str) -> list[Slip]:
    """The first passwords, this once.

    Raises Stale `slips_shown`, `slips_expired` or `slips_not_ready`, and Invalid `slips_key` where this browser does
    not hold the key.
    """
    if not actor.holds(Permission.MANAGE_USERS):
        raise NotAllowed
    batch = get_batch(actor, public_id, lock=True)
    _require_ready(batch)
    rows = list(batch.newcomers.select_related("office"))
    passwords = open_all([row.sealed for row in rows], key)
    if passwords is None:
        raise Invalid(
            "slips_key",
            "密码条只能在提交人员表的浏览器中打开，本浏览器打不开。账号已经建立，请逐个重置密码。",
        )
    batch.newcomers.all().delete()
    batch.shown_at = clock.now()
    batch.save(update_fields=["shown_at"])
    record(actor, Entry("show_slips", "slip_batch", str(batch.public_id), {"count": len(rows)}))
    return [
        Slip(row.login, row.display_name, Role(row.role).label, row.office.name, password)
        for row, password in zip(rows, passwords, strict=True)
    ]


def _require_ready(batch: SlipBatch) -> None:
    if batch.shown_at is not None:
        raise Stale("slips_shown", "密码条已经显示过，不能再看。没有交到的，请重置密码。")
    job = job_of(batch)
    if job is None or job.state != JobState.DONE:
        raise Stale("slips_not_ready", "账号还没有全部建立，请稍后再看。")
    if is_expired(batch):
        raise Stale("slips_expired", "密码条超过一小时没有打开，已经作废。请逐个重置密码。")


def is_expired(batch: SlipBatch) -> bool:
    """Whether the slips lay too long."""
    return batch.requested_at + SLIPS_WAIT < clock.now()


def drop_unshown_slips() -> int:
    """Delete what nobody opened in its hour; returns how many people's."""
    late = Newcomer.objects.filter(batch__requested_at__lt=clock.now() - SLIPS_WAIT)
    return late.delete()[0]
