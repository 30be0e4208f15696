"""The digest of what a document says, whatever it looks like."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any


def content_digest(record: Any, *, without: tuple[str, ...] = ()) -> str:
    """The sha256 (hex) of a dataclass as canonical JSON, fields named in `without` left out."""
    canonical = canonical_json(record, without=without)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(record: Any, *, without: tuple[str, ...] = ()) -> str:
    """A dataclass as JSON with sorted keys, fields named in `without` left out.

    Decimals count as printed: 3.5 and 3.50 are two contents, since two things would be read.
    """
    content = {name: value for name, value in asdict(record).items() if name not in without}
    return json.dumps(
        content, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
