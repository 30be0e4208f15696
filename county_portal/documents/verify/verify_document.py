"""Verify a file issued by the portal without the portal: the file, its receipt (核验凭据) and the published keys.

    python3 verify_document.py FILE --receipt RECEIPT --keys keys.json

Needs Python 3.9 or newer and the package `cryptography`; asks nobody. The receipt is downloaded from the
document's verification page, the keys from /v/keys.json: compare a key's fingerprint with one you got by
another way. Exit code 0: the file is what was issued; 1: it is not, or that cannot be told. Whether the document
was voided or corrected since, only the portal's page knows.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
KID_LENGTH = 16


class NotVerified(ValueError):
    """What does not fit, in Chinese."""


def sha256_of(path: Path) -> str:
    """The digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def read_keys(text: str) -> dict[str, dict[str, Any]]:
    """Published keys by their number, which must be the beginning of their fingerprint."""
    try:
        keys = {key["kid"]: key for key in json.loads(text)["keys"]}
        for kid, key in keys.items():
            raw = base64.b64decode(key["public_key"], validate=True)
            if hashlib.sha256(raw).hexdigest()[:KID_LENGTH] != kid:
                raise NotVerified(f"公钥文件有误：密钥“{kid}”的编号与其公钥不符，请重新下载。")
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, NotVerified):
            raise
        raise NotVerified("公钥文件无法识别，请重新下载“keys.json”。") from error
    return keys


def read_receipt(token: str, keys: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a receipt states, after its signature was checked. Raises NotVerified."""
    try:
        body, signature = (_decoded(part) for part in token.strip().split("."))
        stated = json.loads(body)
        kid, version = stated["kid"], stated["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotVerified("核验凭据无法识别，请重新下载。") from error
    if version != VERSION:
        raise NotVerified("核验凭据的版本不能识别，请下载最新的核验程序。")
    if kid not in keys:
        raise NotVerified(f"核验凭据所用密钥“{kid}”不在已公布的公钥之中。")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[kid]["public_key"]))
    try:
        public.verify(signature, body)
    except InvalidSignature as error:
        raise NotVerified("核验凭据的签名无效：凭据不是本平台出具的，或被改动过。") from error
    retired = keys[kid].get("retired_at")
    if retired and datetime.fromisoformat(stated["issued_at"]) > datetime.fromisoformat(retired):
        raise NotVerified(f"核验凭据注明的时间晚于密钥“{kid}”的停用时间，不能采信。")
    return dict(stated)


def check_file(sha256: str, stated: dict[str, Any]) -> None:
    """Raise NotVerified unless the receipt speaks of just these bytes."""
    if stated["file_sha256"] != sha256:
        raise NotVerified(
            f"文件与核验凭据不一致：凭据属于{stated['number']}的{stated['file'].upper()}文件，"
            "该文件不是签发时的文件，或在签发后被改动过。"
        )


def _decoded(part: str) -> bytes:
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
        raise ValueError("not canonical base64url")
    return raw


def main(arguments: list[str] | None = None) -> int:
    """Check one file and say so; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--receipt", type=Path, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        keys = read_keys(chosen.keys.read_text(encoding="utf-8"))
        stated = read_receipt(chosen.receipt.read_text(encoding="utf-8"), keys)
        check_file(sha256_of(chosen.file), stated)
    except NotVerified as error:
        print(f"核验未通过：{error}")
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"核验未通过：文件无法读取（{error}）。")
        return 1
    print("核验通过：文件与签发时一致，核验凭据的签名有效。")
    print(f"{stated['number']}　{stated['title']}")
    print(f"{stated['issuer']}　{stated['issued_on']}　核验码 {stated['code']}")
    print("文件签发后是否已更正、撤销或失效，请登录平台核验页面查看。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
