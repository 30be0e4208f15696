"""An indicator system from its data files: the facts it speaks of, a locked version, its check rules."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from county_portal.audit.actions import Entry, record
from indicators.enums import IndicatorKind, SystemPurpose, VersionState
from indicators.models import (
    CheckRule,
    EvidenceKind,
    FactMeaning,
    Indicator,
    IndicatorGroup,
    IndicatorSystem,
    SystemVersion,
)
from indicators.rules.checks import CHECKS, read_params
from indicators.rules.checks.values import stored_params

DATA_DIR = Path(__file__).resolve().parent / "data"
FACTS_FILE = DATA_DIR / "facts.json"


@transaction.atomic
def import_system(name: str) -> SystemVersion:
    """Load `data/<name>-indicator-system.json`; the same content twice gives the version already there.

    Versions without check rules, an earlier one perhaps among them, take those of `<name>-checks.json`.
    """
    content = (DATA_DIR / f"{name}-indicator-system.json").read_bytes()
    document = json.loads(content)
    digest = hashlib.sha256(content).hexdigest()
    system, _ = IndicatorSystem.objects.get_or_create(
        code=name,
        defaults={
            "name": document["title"],
            "purpose": document.get("purpose", SystemPurpose.EVALUATION),
        },
    )
    meanings = import_facts()
    version = system.versions.filter(digest=digest).first()
    if version is None:
        version = _make_version(system, document, digest, meanings)
    import_checks(system)
    return version


def import_facts() -> dict[str, FactMeaning]:
    """Load `data/facts.json`: each meaning is kept under its code, and follows the file."""
    document = json.loads(FACTS_FILE.read_text(encoding="utf-8"))
    FactMeaning.objects.bulk_create(
        [
            FactMeaning(
                code=entry["code"],
                order=order,
                name=entry["name"],
                unit=entry["unit"],
                is_integer=entry["integer"],
                department=entry["department"],
                definition=entry["definition"],
            )
            for order, entry in enumerate(document["facts"], 1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["order", "name", "unit", "is_integer", "department", "definition"],
    )
    return {meaning.code: meaning for meaning in FactMeaning.objects.all()}


def import_checks(system: IndicatorSystem) -> None:
    """Give the rules of `data/<code>-checks.json` to each version that has none; the province edits them."""
    path = DATA_DIR / f"{system.code}-checks.json"
    if not path.exists():
        return
    rules = json.loads(path.read_text(encoding="utf-8"))["rules"]
    for version in system.versions.filter(checks__isnull=True):
        CheckRule.objects.bulk_create(
            CheckRule(version=version, order=order, **_rule(entry))
            for order, entry in enumerate(rules, 1)
        )


def _rule(entry: Mapping[str, Any]) -> dict[str, Any]:
    params = CHECKS[entry["kind"]].params
    return {**entry, "params": stored_params(params, read_params(params, entry["params"]))}


def _make_version(
    system: IndicatorSystem,
    document: Mapping[str, Any],
    digest: str,
    meanings: Mapping[str, FactMeaning],
) -> SystemVersion:
    version = SystemVersion.objects.create(
        system=system,
        number=system.versions.count() + 1,
        state=VersionState.LOCKED,
        source=document["source"],
        digest=digest,
    )
    made = IndicatorGroup.objects.bulk_create(
        IndicatorGroup(version=version, order=order, name=entry["name"])
        for order, entry in enumerate(document["groups"], 1)
    )
    groups = {group.name: group for group in made}
    indicators = Indicator.objects.bulk_create(
        _indicator(groups[entry["group"]], order, entry, meanings)
        for order, entry in enumerate(document["indicators"], 1)
    )
    EvidenceKind.objects.bulk_create(
        kind
        for indicator, entry in zip(indicators, document["indicators"], strict=True)
        for kind in _evidence_kinds(indicator, entry)
    )
    record(
        None,
        Entry(
            "import_indicator_system", "system_version", str(version.public_id), {"digest": digest}
        ),
    )
    return version


def _indicator(
    group: IndicatorGroup, order: int, entry: Mapping[str, Any], meanings: Mapping[str, FactMeaning]
) -> Indicator:
    facts = {part: meanings[code] for part, code in (entry["facts"] or {}).items() if code}
    return Indicator(
        version=group.version,
        group=group,
        code=entry["code"],
        order=order,
        name=entry["name"],
        unit=entry["unit"] or "",
        kind=entry["kind"],
        lower_is_better=entry["lower_is_better"],
        is_designated=entry.get("designated", False),
        is_integer=entry["kind"] in {IndicatorKind.NUMBER, IndicatorKind.ITEMISED}
        and not entry["decimals"],
        numerator_label=entry["numerator_label"] or "",
        numerator_unit=entry["numerator_unit"] or "",
        denominator_label=entry["denominator_label"] or "",
        denominator_unit=entry["denominator_unit"] or "",
        factor=Decimal(entry["factor"] or 1),
        fact=facts.get("value"),
        numerator_fact=facts.get("numerator"),
        denominator_fact=facts.get("denominator"),
        monthly=entry["monthly"] or "",
        providers=entry["data_providers"],
        responsible=entry["responsible_units"],
        definition=entry["definition"],
        rubric=entry["rubric_text"],
    )


def _evidence_kinds(indicator: Indicator, entry: Mapping[str, Any]) -> list[EvidenceKind]:
    return [
        EvidenceKind(
            indicator=indicator,
            code=kind["code"],
            order=place,
            name=kind["name"],
            level=kind.get("level") or "",
            valid_years=kind.get("valid_years"),
        )
        for place, kind in enumerate(entry["evidence_kinds"], 1)
    ]
