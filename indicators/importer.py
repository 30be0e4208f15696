"""An indicator system from its data file, as a locked version."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from county_portal.audit.actions import Entry, record
from indicators.enums import IndicatorKind, VersionState
from indicators.models import (
    EvidenceKind,
    Indicator,
    IndicatorGroup,
    IndicatorSystem,
    SystemVersion,
)

DATA_DIR = Path(__file__).resolve().parent / "data"


@transaction.atomic
def import_system(name: str) -> SystemVersion:
    """Load `data/<name>-indicator-system.json`; the same content twice gives the version already there."""
    content = (DATA_DIR / f"{name}-indicator-system.json").read_bytes()
    document = json.loads(content)
    digest = hashlib.sha256(content).hexdigest()
    system, _ = IndicatorSystem.objects.get_or_create(
        code=name, defaults={"name": document["title"]}
    )
    existing = system.versions.filter(digest=digest).first()
    if existing:
        return existing
    version = SystemVersion.objects.create(
        system=system,
        number=system.versions.count() + 1,
        state=VersionState.LOCKED,
        source=document["source"],
        digest=digest,
    )
    groups = {
        entry["name"]: IndicatorGroup.objects.create(
            version=version, order=order, name=entry["name"]
        )
        for order, entry in enumerate(document["groups"], 1)
    }
    for order, entry in enumerate(document["indicators"], 1):
        _make_indicator(version, groups[entry["group"]], order, entry)
    record(
        None,
        Entry(
            "import_indicator_system", "system_version", str(version.public_id), {"digest": digest}
        ),
    )
    return version


def _make_indicator(
    version: SystemVersion, group: IndicatorGroup, order: int, entry: Mapping[str, Any]
) -> None:
    indicator = Indicator.objects.create(
        version=version,
        group=group,
        code=entry["code"],
        order=order,
        name=entry["name"],
        unit=entry["unit"] or "",
        kind=entry["kind"],
        lower_is_better=entry["lower_is_better"],
        is_integer=entry["kind"] in {IndicatorKind.NUMBER, IndicatorKind.ITEMISED}
        and not entry["decimals"],
        numerator_label=entry["numerator_label"] or "",
        numerator_unit=entry["numerator_unit"] or "",
        denominator_label=entry["denominator_label"] or "",
        denominator_unit=entry["denominator_unit"] or "",
        factor=Decimal(entry["factor"] or 1),
        providers=entry["data_providers"],
        responsible=entry["responsible_units"],
        definition=entry["definition"],
        rubric=entry["rubric_text"],
    )
    EvidenceKind.objects.bulk_create(
        EvidenceKind(
            indicator=indicator,
            code=kind["code"],
            order=place,
            name=kind["name"],
            level=kind.get("level") or "",
        )
        for place, kind in enumerate(entry["evidence_kinds"], 1)
    )
