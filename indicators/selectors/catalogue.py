"""The lines of a version of an indicator system, read once by each process.

A locked version never changes, so what was read of it holds for good; one that is still drawn up is read anew
each time. The check rules are no part of it: the province may set them at any hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.enums import VersionState
from indicators.models import EvidenceKind, Indicator, SystemVersion
from indicators.rules import CellSpec

# The version in use and its predecessors; more are never asked for at once.
_KEPT = 16
_kept: dict[int, "Catalogue"] = {}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version read whole. Its rows are shared by all who ask: for reading only."""

    version: SystemVersion
    # By code in table order, with group and kinds of evidence.
    indicators: Mapping[str, Indicator]
    # The same by key.
    specs: Mapping[int, CellSpec]
    ids: Mapping[str, int]
    # By key, in the order of their lines.
    kinds: Mapping[int, EvidenceKind]


def catalogue_of(version_id: int) -> Catalogue:
    """The catalogue of a version; no query once a locked one is known."""
    kept = _kept.get(version_id)
    if kept is None:
        kept = _read(version_id)
        if kept.version.state == VersionState.LOCKED:
            while len(_kept) >= _KEPT:
                _kept.pop(next(iter(_kept)), None)
            _kept[version_id] = kept
    return kept


def _read(version_id: int) -> Catalogue:
    version = SystemVersion.objects.select_related("system").get(pk=version_id)
    rows = version.indicators.select_related("group").prefetch_related("evidence_kinds__indicator")
    indicators = list(rows.order_by("order"))
    return Catalogue(
        version=version,
        indicators={row.code: row for row in indicators},
        specs={row.pk: spec_of(row) for row in indicators},
        ids={row.code: row.pk for row in indicators},
        kinds={kind.pk: kind for row in indicators for kind in row.evidence_kinds.all()},
    )


def spec_of(indicator: Indicator) -> CellSpec:
    """What the pure rules need of an indicator."""
    return CellSpec(
        code=indicator.code,
        name=indicator.name,
        kind=indicator.kind,
        unit=indicator.unit,
        is_integer=indicator.is_integer,
        numerator_label=indicator.numerator_label,
        denominator_label=indicator.denominator_label,
        factor=indicator.factor,
        lower_is_better=indicator.lower_is_better,
        fact=indicator.fact_id,
        numerator_fact=indicator.numerator_fact_id,
        denominator_fact=indicator.denominator_fact_id,
    )
