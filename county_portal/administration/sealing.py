"""First passwords on their way from the worker that makes them to the one browser that may show them.

A pair of keys is made for every batch. The database keeps the public half, by which a password can be sealed and
not opened; the private half is told to the requester's browser alone. Neither a copy of the database nor the
server's own secrets opens what is sealed.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_BITS = 2048
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both halves in base64; `private` must not be stored."""

    public: str
    private: str


def make_pair() -> Pair:
    """A new pair, for one batch."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Pair(base64.b64encode(public).decode(), base64.b64encode(private).decode())


def seal(password: str, public: str) -> str:
    """The password as only the private half opens it."""
    key = serialization.load_der_public_key(base64.b64decode(public))
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError(public)
    return base64.b64encode(key.encrypt(password.encode(), _OAEP)).decode()


def open_all(sealed: list[str], private: str) -> list[str] | None:
    """The passwords again; None for a key that is none, or another batch's."""
    try:
        key = serialization.load_der_private_key(base64.b64decode(private), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            return None
        return [key.decrypt(base64.b64decode(text), _OAEP).decode() for text in sealed]
    except (ValueError, TypeError, binascii.Error):
        return None
