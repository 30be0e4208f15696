"""Schemes: imported from data files as locked versions."""

from django.db import transaction

from county_portal.audit.actions import Entry, record
from county_portal.common.province_files import province_file
from indicators.models import IndicatorSystem
from scoring.actions.case_rows import keep_cases
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.enums import SchemeState
from scoring.models import Scheme, SchemeVersion
from scoring.schemes.source_cases import read_source_cases


@transaction.atomic
def import_scheme(province: str, system: IndicatorSystem) -> SchemeVersion:
    """Load the province's `scheme.json` with its golden cases; the same content twice gives the version already there.

    Raises the engine's DocumentError if the file is not a sound scheme.
    """
    scheme = scheme_from_bytes(province_file("scheme.json", province).read_bytes())
    content = scheme_bytes(scheme)
    row, _ = Scheme.objects.get_or_create(
        code=province, defaults={"name": scheme.title, "system": system}
    )
    existing = row.versions.filter(sha256=sha256(content)).first()
    if existing:
        # One loaded before cases came with the product.
        if not existing.golden_cases.exists():
            keep_cases(existing, read_source_cases(province))
        return existing
    version = SchemeVersion.objects.create(
        scheme=row,
        number=row.versions.count() + 1,
        state=SchemeState.LOCKED,
        document=content.decode(),
        sha256=sha256(content),
    )
    keep_cases(version, read_source_cases(province))
    record(
        None,
        Entry(
            "import_scheme", "scheme_version", str(version.public_id), {"sha256": version.sha256}
        ),
    )
    return version
