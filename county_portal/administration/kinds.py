"""Long work of administration."""

from county_portal.accounts.roles import Permission
from county_portal.administration.actions.newcomers import drop_newcomers, hash_one, make_all
from county_portal.administration.selectors.newcomers import PEOPLE_JOB
from county_portal.jobs.registry import JobKind, register


def register_kinds() -> None:
    """Make them known to the jobs ledger."""
    register(
        JobKind(
            name=PEOPLE_JOB,
            permission=Permission.MANAGE_USERS,
            run_unit=hash_one,
            finish=make_all,
            abandon=drop_newcomers,
            is_private=True,
        )
    )
