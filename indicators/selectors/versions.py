"""Versions of a sheet: as it was when a step was taken, and as it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from indicators.models import Snapshot, Submission
from indicators.rules.versions import ComparedLine, Version, compare
from indicators.selectors.canonical import content_document
from indicators.selectors.catalogue import spec_of
from indicators.selectors.content import read_content
from indicators.selectors.sheets import list_indicators

NOW = "now"
# More versions than any sheet can have; a longer number is nobody's.
MAX_DIGITS = 5


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version for a page: its number or 'now', what it was kept at, by whom, its text."""

    key: str
    label: str
    at: datetime | None
    actor: str
    digest: str
    version: Version

    @property
    def is_true(self) -> bool:
        """Whether the text still gives the digest that was kept with it."""
        return self.digest == self.version.digest


def list_versions_of(submission: Submission) -> list[KeptVersion]:
    """Versions kept, newest first; two queries."""
    snapshots = submission.snapshots.select_related("step__actor__office").order_by("-number")
    return [_kept(snapshot) for snapshot in snapshots]


def _kept(snapshot: Snapshot) -> KeptVersion:
    step = snapshot.step
    actor = f"{step.actor.office.short_name}{step.actor_name}"
    label = f"第{snapshot.number}版（{step.label}）"
    return KeptVersion(
        str(snapshot.number),
        label,
        step.at,
        actor,
        snapshot.digest,
        Version.read(snapshot.content),
    )


def get_version(submission: Submission, key: str) -> KeptVersion:
    """The version of this number, or as it stands now; 404 otherwise."""
    if key == NOW:
        version = Version.read(content_document(read_content(submission)))
        return KeptVersion(NOW, "当前内容", None, "", version.digest, version)
    if not (key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS):
        raise Http404
    snapshot = (
        submission.snapshots.select_related("step__actor__office").filter(number=int(key)).first()
    )
    if snapshot is None:
        raise Http404
    return _kept(snapshot)


def compare_versions(
    submission: Submission, before: KeptVersion, after: KeptVersion
) -> Sequence[ComparedLine]:
    """Both side by side, changed lines first."""
    lines = [
        (spec_of(row), frozenset(kind.code for kind in row.evidence_kinds.all()))
        for row in list_indicators(submission.collection.version)
    ]
    return compare(before.version, after.version, lines)


def kind_names(submission: Submission) -> dict[str, str]:
    """Names of kinds of evidence by code."""
    return {
        kind.code: kind.name
        for row in list_indicators(submission.collection.version)
        for kind in row.evidence_kinds.all()
    }
