"""Canonical JSON and its digest: equal content gives equal bytes, wherever it was written."""

import hashlib
import json
from collections.abc import Mapping

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def canonical_bytes(document: Mapping[str, Json]) -> bytes:
    """UTF-8, keys sorted, no whitespace; numbers with decimals are already text in a document."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256_of(document: Mapping[str, Json]) -> str:
    """The digest of a document's canonical bytes."""
    return sha256(canonical_bytes(document))
