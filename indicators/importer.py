"""An indicator system from its data files: the facts it speaks of, a locked version, its check rules."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common.province_files import (
    has_province_file,
    province_file,
    read_province_json,
)
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

# Meanings only this province asks for.
OWN_FACTS = "facts.json"
FACTS_FILE = Path(__file__).resolve().parent / "data" / "facts.json"


@transaction.atomic
def import_system(province: str, table: str = "") -> SystemVersion:
    """Load the province's `indicator-system.json`; the same content twice gives the version already there.

    `table` names another system of the province: "pilot" reads `pilot-indicator-system.json`. Versions
    without check rules, an earlier one perhaps among them, take those of `checks.json` beside it.
    """
    prefix = f"{table}-" if table else ""
    content = province_file(f"{prefix}indicator-system.json", province).read_bytes()
    document = json.loads(content)
    digest = hashlib.sha256(content).hexdigest()
    system, _ = IndicatorSystem.objects.get_or_create(
        code=f"{province}-{table}" if table else province,
        defaults={
            "name": document["title"],
            "purpose": document.get("purpose", SystemPurpose.EVALUATION),
        },
    )
    meanings = import_facts(province)
    version = system.versions.filter(digest=digest).first()
    if version is None:
        version = _make_version(system, document, digest, meanings)
    _import_checks(system, province, f"{prefix}checks.json")
    return version


def import_facts(province: str) -> dict[str, FactMeaning]:
    """Load the meanings all provinces share and the province's own; each follows the file under its code."""
    entries = json.loads(FACTS_FILE.read_text(encoding="utf-8"))["facts"]
    if has_province_file(OWN_FACTS, province):
        entries += read_province_json(OWN_FACTS, province)["facts"]
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
            for order, entry in enumerate(entries, 1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["order", "name", "unit", "is_integer", "department", "definition"],
    )
    return {meaning.code: meaning for meaning in FactMeaning.objects.all()}


def _import_checks(system: IndicatorSystem, province: str, name: str) -> None:
    """Give the rules of the file to each version that has none; the province edits them."""
    if not has_province_file(name, province):
        return
    rules = read_province_json(name, province)["rules"]
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
        may_exceed_hundred=entry.get("may_exceed_hundred", False),
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
