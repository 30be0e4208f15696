"""What is left of the documents in figures, each file checked as its reader would check it."""

import json
from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from county_portal.documents.enums import PaperFileKind, PaperStatus
from county_portal.documents.models import Paper, PaperFile
from county_portal.documents.receipts import keys_document
from county_portal.documents.selectors.verification import list_keys
from county_portal.documents.signing import read_signatures, trusted_roots
from county_portal.documents.verify.verify_document import (
    NotVerified,
    check_file,
    read_keys,
    read_receipt,
    sha256_of,
)
from county_portal.files.store import path_of


def count_documents() -> dict[str, int]:
    """Issued documents by what a verifier is told of them, and how many have every file verified."""
    standing = Counter(Paper.objects.values_list("status", flat=True))
    return {
        "issued": standing.total(),
        "void": standing[PaperStatus.VOID],
        "replaced": standing[PaperStatus.REPLACED],
        "lapsed": standing[PaperStatus.LAPSED],
        "verified": count_verified(),
    }


def count_verified() -> int:
    """Documents with files, all of which are as their receipts and signatures say."""
    keys = read_keys(json.dumps(keys_document(list_keys())))
    checked: dict[int, bool] = {}
    for file in PaperFile.objects.select_related("file").iterator():
        checked[file.paper_id] = checked.get(file.paper_id, True) and is_verified(file, keys)
    return sum(checked.values())


def is_verified(file: PaperFile, keys: Mapping[str, Any]) -> bool:
    """Whether the bytes on the disk are those of the receipt, and a seal on them is whole and trusted."""
    path = path_of(file.file.sha256)
    try:
        check_file(sha256_of(path), read_receipt(file.receipt, dict(keys)))
    except NotVerified:
        return False
    if not file.is_signed:
        return True
    signatures = read_signatures(path.read_bytes(), trusted_roots())
    return bool(signatures) and all(each.is_intact and each.is_trusted for each in signatures)


def median_pdf_bytes() -> int:
    """Of all PDF files of issued documents; 0 without any."""
    sizes = PaperFile.objects.filter(kind=PaperFileKind.PDF).values_list("file__size", flat=True)
    return round(median(sizes)) if sizes else 0
