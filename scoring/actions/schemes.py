"""Schemes: imported from data files as locked versions."""

from pathlib import Path

from django.db import transaction

from county_portal.audit.actions import Entry, record
from indicators.models import IndicatorSystem
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.enums import SchemeState
from scoring.models import Scheme, SchemeVersion

DATA_DIR = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def import_scheme(name: str, system: IndicatorSystem) -> SchemeVersion:
    """Load `data/<name>-scheme.json`; the same content twice gives the version already there.

    Raises the engine's DocumentError if the file is not a sound scheme.
    """
    scheme = scheme_from_bytes((DATA_DIR / f"{name}-scheme.json").read_bytes())
    content = scheme_bytes(scheme)
    row, _ = Scheme.objects.get_or_create(
        code=name, defaults={"name": scheme.title, "system": system}
    )
    existing = row.versions.filter(sha256=sha256(content)).first()
    if existing:
        return existing
    version = SchemeVersion.objects.create(
        scheme=row,
        number=row.versions.count() + 1,
        state=SchemeState.LOCKED,
        document=content.decode(),
        sha256=sha256(content),
    )
    record(
        None,
        Entry(
            "import_scheme", "scheme_version", str(version.public_id), {"sha256": version.sha256}
        ),
    )
    return version
