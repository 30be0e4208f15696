"""The demonstration's certificates: a root of its own and one for each issuing office, made when first needed.

They lie in VAR_DIR and prove nothing: anybody can make such a root. Every seal says 演示.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from county_portal.demo.accounts import require_demonstration
from county_portal.documents.signing import CertificateSigner

WORDS = "演示专用章"
ROOT_NAME = "演示根证书（无任何效力）"
_TEN_YEARS = timedelta(days=3652)
# The demonstration plays past years; a certificate made later would not cover the signatures of then.
_BEGIN = datetime(2018, 1, 1, tzinfo=timezone.get_default_timezone())
_LONGEST_NAME = 64  # of a subject's common name


def demonstration_signer(issuer: str) -> CertificateSigner:
    """A signer for any office; its certificate is made on the way."""
    require_demonstration()
    folder = Path(settings.DOCUMENT_SEALS_DIR)
    path = folder / f"{issuer.replace('/', '_')}.p12"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            if not path.exists():
                _make_office(folder, path, issuer)
    return CertificateSigner(issuer, path, WORDS)


def root_certificate() -> bytes:
    """The root as PEM; FileNotFoundError before the first document was signed."""
    return (Path(settings.DOCUMENT_SEALS_DIR) / "root.pem").read_bytes()


def _make_office(folder: Path, path: Path, issuer: str) -> None:
    root_key, root = _root(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(issuer, root.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    password = secrets.token_urlsafe(24).encode()
    content = pkcs12.serialize_key_and_certificates(
        issuer.encode(), key, certificate, [root], BestAvailableEncryption(password)
    )
    _write(path.with_suffix(".pass"), password)
    _write(path, content)


def _root(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_path, path = folder / "root.key", folder / "root.pem"
    if path.exists():
        key = load_pem_private_key(key_path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise CommandError("演示根证书的密钥已损坏，请删除VAR_DIR下的seals目录后重试。")
        return key, x509.load_pem_x509_certificate(path.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME)])
    certificate = (
        _builder(ROOT_NAME, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .sign(key, hashes.SHA256())
    )
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(key_path, content)
    _write(path, certificate.public_bytes(Encoding.PEM))
    return key, certificate


def _builder(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject[:_LONGEST_NAME])])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(timezone.now() + _TEN_YEARS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time, or two would make two roots."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.part")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    aside.replace(path)
