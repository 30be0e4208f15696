"""The named items of a card: which counted, with how many points, and why the others did not."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from indicators.models import EvidenceItem as StoredEvidence
from indicators.models import EvidenceKind
from reports.card_facts import EvidenceItem
from reports.selectors.statistics import frozen_figures
from scoring.engine.itemised import ItemisedDerivation, ItemLine, itemised_scorer
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import Indicator, Item, ItemisedRule, Measure, Scheme
from scoring.models import PublishedList, Result

_RIVAL = "同类只计最高一项"
_JUDGED = "酌情计分"
_AWAITING = "待酌情评定，暂未计分"


def card_evidence(
    published: PublishedList, result: Result, scheme: Scheme
) -> tuple[EvidenceItem, ...]:
    """Items as graded, in the scheme's order; year and number from the county's register.

    The register's entries are never edited, so one that was there when the run was completed is the
    one that was graded; an entry of the same name made later says nothing about this card.
    """
    figures = frozen_figures(published.run_id)[result.region.code]
    register = {
        (item.kind_id, item.name): item
        for item in StoredEvidence.objects.filter(
            submission=result.submission_id, created_at__lte=published.run.completed_at
        )
    }
    kinds = _kinds(published.collection.version_id)
    return tuple(
        _evidence(indicator.name, line, item, remark, kinds[line.kind.code], register)
        for indicator in scheme.indicators
        if isinstance(indicator.rule, ItemisedRule) and figures[indicator.code].measure.items
        for line, item, remark in _judged(indicator, figures[indicator.code].measure, scheme.places)
    )


@lru_cache(maxsize=4)
def _kinds(version_id: int) -> dict[str, EvidenceKind]:
    """Kinds by code; the version of a graded system is locked and never changes."""
    kinds = EvidenceKind.objects.filter(indicator__version=version_id)
    return {kind.code: kind for kind in kinds}


def _judged(
    indicator: Indicator, measure: Measure, places: int
) -> Iterator[tuple[ItemLine, Item, str]]:
    """Each item with the reason why it does not count in full; the engine itself decides which count."""
    assert isinstance(indicator.rule, ItemisedRule)  # noqa: S101 -- the caller chose it
    with exact_arithmetic():
        derivation = itemised_scorer(indicator, indicator.rule, places)(measure)[2]
    capped = _capped(derivation)
    for line in derivation.lines:
        for place, item in enumerate(line.items):
            yield line, item, _remark(line, item, is_rival=place >= line.counted) or capped


def _capped(derivation: ItemisedDerivation) -> str:
    if derivation.points <= derivation.cap:
        return ""
    return f"合计{plain(derivation.points)}分，按上限{plain(derivation.cap)}分计"


def _remark(line: ItemLine, item: Item, *, is_rival: bool) -> str:
    if is_rival:
        return _RIVAL
    if line.kind.points is not None:
        return ""
    return _JUDGED if item.points is not None else _AWAITING


def _evidence(
    indicator: str,
    line: ItemLine,
    item: Item,
    remark: str,
    kind: EvidenceKind,
    register: dict[tuple[int, str], StoredEvidence],
) -> EvidenceItem:
    entry = register.get((kind.pk, item.name))
    points = line.kind.points if item.points is None else item.points
    return EvidenceItem(
        indicator=indicator,
        name=item.name,
        kind=line.kind.name,
        level=kind.level,
        year=entry.year if entry else None,
        approval_number=entry.approval_number if entry else "",
        points=points or Decimal(0),
        counted=remark not in {_RIVAL, _AWAITING},
        remark=remark,
    )
