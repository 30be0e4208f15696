"""Kinds of long work, registered by the apps that know how to do them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from county_portal.files.models import StoredFile
from county_portal.jobs.models import Job, JobUnit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished job leaves."""

    digest: str = ""
    file: StoredFile | None = None


def _nothing_to_do(job: Job) -> None:
    """A kind that needs no clean-up."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """How to do one kind of work.

    `run_unit` and `finish` run in a transaction and may run again after a crash that rolled it back.
    `permission` must still be held by the requester when a worker starts. Whoever holds it follows all jobs of
    the kind, unless it is private: then each follows his own alone.
    """

    name: str
    permission: str
    run_unit: Callable[[Job, JobUnit], Mapping[str, Any]]
    finish: Callable[[Job], Outcome]
    abandon: Callable[[Job], None] = _nothing_to_do
    is_private: bool = False


_KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; called from `AppConfig.ready`."""
    _KINDS[kind.name] = kind


def kind_of(job: Job) -> JobKind:
    """The kind of a job. KeyError for a kind no installed app knows."""
    return _KINDS[job.kind]


def kinds_permitted(permissions: frozenset[Any]) -> list[str]:
    """Names of the kinds that somebody with `permissions` may follow."""
    return [
        kind.name
        for kind in _KINDS.values()
        if kind.permission in permissions and not kind.is_private
    ]
