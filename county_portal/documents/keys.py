"""Private keys that receipts are signed with: PEM files of one folder, the newest in use."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from county_portal.documents.verify.verify_document import KID_LENGTH

_PATTERN = "receipts-*.pem"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the number its public half is published under."""

    kid: str
    private: Ed25519PrivateKey

    @property
    def public_pem(self) -> str:
        """The half that is published."""
        return (
            self.private.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )


def keys_folder() -> Path:
    """Where private keys lie."""
    return Path(settings.DOCUMENT_KEYS_DIR)


def newest_key() -> SigningKey | None:
    """The key made last; None where there is none. Raises ValueError for a file that holds something else."""
    paths = sorted(keys_folder().glob(_PATTERN))
    if not paths:
        return None
    private = load_pem_private_key(paths[-1].read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{paths[-1].name} is no Ed25519 key")  # noqa: TRY004 -- a wrong file, not a wrong call
    return SigningKey(fingerprint(private.public_key())[:KID_LENGTH], private)


def make_key(at: datetime) -> SigningKey:
    """Write a new private key that only this account may read; it is the newest from now on."""
    private = Ed25519PrivateKey.generate()
    key = SigningKey(fingerprint(private.public_key())[:KID_LENGTH], private)
    folder = keys_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"receipts-{at:%Y%m%dT%H%M%S%f}-{key.kid}.pem"
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    aside = path.with_suffix(".part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return key


def raw_public(public: Ed25519PublicKey) -> bytes:
    """The 32 bytes a public key is."""
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(public: Ed25519PublicKey) -> str:
    """The sha256 of a public key, in hex: what two people compare by telephone."""
    return hashlib.sha256(raw_public(public)).hexdigest()
