"""Receipts (核验凭据): signed statements about the files of issued documents, verifiable without the portal.

`base64url(payload).base64url(signature)`; the payload is JSON with sorted keys and the signature is Ed25519 over
exactly its bytes. Published keys are listed as `verify/verify_document.py`, which reads both, wants them.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from county_portal.documents.keys import SigningKey, fingerprint, raw_public
from county_portal.documents.verify.verify_document import KID_LENGTH, VERSION


@dataclass(frozen=True, slots=True)
class Statement:
    """What a receipt says of one file; dates are ISO texts, `pages` is 0 where a file has none of its own."""

    code: str
    number: str
    title: str
    issuer: str
    issued_on: str
    pages: int
    content_sha256: str
    file: str
    file_sha256: str
    issued_at: str


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key as everybody may read it."""

    kid: str
    public_key: str
    fingerprint: str
    created_at: str
    retired_at: str | None

    @property
    def created(self) -> datetime:
        """The same as a time."""
        return datetime.fromisoformat(self.created_at)

    @property
    def retired(self) -> datetime | None:
        """The same as a time, where it is retired."""
        return datetime.fromisoformat(self.retired_at) if self.retired_at else None


def make_receipt(statement: Statement, key: SigningKey) -> str:
    """The token; the same statement and key give the same one."""
    payload = {"version": VERSION, "kid": key.kid, **asdict(statement)}
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return f"{_encoded(body)}.{_encoded(key.private.sign(body))}"


def published_key(pem: str, created_at: datetime, retired_at: datetime | None) -> PublishedKey:
    """A public key in the form it is published in."""
    public = cast(Ed25519PublicKey, load_pem_public_key(pem.encode()))
    full = fingerprint(public)
    return PublishedKey(
        kid=full[:KID_LENGTH],
        public_key=base64.b64encode(raw_public(public)).decode(),
        fingerprint=full,
        created_at=created_at.isoformat(),
        retired_at=retired_at.isoformat() if retired_at else None,
    )


def keys_document(keys: Iterable[PublishedKey]) -> dict[str, Any]:
    """What /v/keys.json says."""
    return {"algorithm": "Ed25519", "keys": [asdict(key) for key in keys]}


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
