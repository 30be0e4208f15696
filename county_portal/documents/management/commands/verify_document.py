"""`manage.py verify_document FILE`: whether a file is one the portal issued, whether it holds, and who signed it.

With `--receipt` and `--keys` neither the database nor the portal is asked. Exit code 0: valid; 1: not.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from county_portal.documents.enums import PaperFileKind
from county_portal.documents.receipts import keys_document
from county_portal.documents.selectors.verification import find_paper_file, list_keys, standing_of
from county_portal.documents.signing import read_signatures, trusted_roots
from county_portal.documents.verify.verify_document import (
    NotVerified,
    check_file,
    read_keys,
    read_receipt,
    sha256_of,
)

_PDF = b"%PDF-"


@dataclass
class Report:
    """What was found out; `is_valid` is false as soon as anything does not fit."""

    file: str
    sha256: str
    is_valid: bool = True
    findings: list[str] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)
    signatures: list[dict[str, Any]] = field(default_factory=list)

    def fail(self, sentence: str) -> None:
        """Something does not fit."""
        self.is_valid = False
        self.findings.append(sentence)


class Command(BaseCommand):
    help = "Verify a PDF or Word file: is it as issued, does it still hold, are receipt and signature right."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what replaces the database."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--receipt", type=Path, help="核验凭据, for verifying without the database"
        )
        parser.add_argument(
            "--keys", type=Path, help="keys.json, for verifying without the database"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found and leave with the exit code."""
        path, receipt, keys = options["file"], options["receipt"], options["keys"]
        if (receipt is None) != (keys is None):
            raise CommandError("脱机核验须同时给出--receipt和--keys。")
        try:
            report = Report(path.name, sha256_of(path))
            content = path.read_bytes()
            if receipt is None:
                _by_database(report)
            else:
                _by_receipt(
                    report, receipt.read_text(encoding="utf-8"), keys.read_text(encoding="utf-8")
                )
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"文件无法读取：{error}") from error
        if content.startswith(_PDF):
            _signatures(report, content)
        self.stdout.write(_as_json(report) if options["as_json"] else _in_words(report))
        if not report.is_valid:
            sys.exit(1)


def _by_database(report: Report) -> None:
    issued = find_paper_file(report.sha256)
    if issued is None:
        report.fail("本平台没有签发过这个文件，或文件在签发后被改动过。")
        return
    paper = issued.paper
    report.document = {
        "number": paper.number,
        "title": paper.title,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on.isoformat(),
        "code": paper.code,
        "status": paper.status,
        "kind": PaperFileKind(issued.kind).value,
    }
    report.findings.append("文件与签发时一致。")
    if paper.is_valid:
        report.findings.append("公文现行有效。")
    else:
        report.fail(f"公文{paper.get_status_display()}：{paper.status_reason}")
        if paper.replaced_by:
            report.findings.append(standing_of(paper).sentence + f"（{paper.replaced_by.number}）")
    _receipt(report, issued.receipt, json.dumps(keys_document(list_keys())))


def _by_receipt(report: Report, receipt: str, keys: str) -> None:
    stated = _receipt(report, receipt, keys)
    names = ("number", "title", "issuer", "issued_on", "code")
    report.document = {name: stated[name] for name in names} if stated else {}
    report.findings.append("脱机核验：公文是否已更正、撤销或失效，请登录平台核验页面查看。")


def _receipt(report: Report, receipt: str, keys: str) -> dict[str, Any] | None:
    try:
        stated = read_receipt(receipt, read_keys(keys))
        check_file(report.sha256, stated)
    except NotVerified as error:
        report.fail(str(error))
        return None
    report.findings.append("核验凭据的签名有效，与文件一致。")
    return stated


def _signatures(report: Report, content: bytes) -> None:
    try:
        found = read_signatures(content, trusted_roots())
    except ValueError:
        report.fail("PDF文件已损坏，无法读取。")
        return
    if not found:
        report.findings.append("PDF没有电子签名。")
    for each in found:
        report.signatures.append(
            {**asdict(each), "signed_at": each.signed_at.isoformat() if each.signed_at else None}
        )
        if each.is_intact:
            trust = "证书受信任" if each.is_trusted else "证书不在受信任的根证书之下"
            report.findings.append(f"PDF由“{each.signer}”电子签名，签名后没有改动；{trust}。")
        else:
            report.fail(f"PDF带有“{each.signer}”的电子签名，但签名后被改动过。")


def _as_json(report: Report) -> str:
    return json.dumps(asdict(report), ensure_ascii=False, sort_keys=True)


def _in_words(report: Report) -> str:
    head = "核验通过" if report.is_valid else "核验未通过"
    about = report.document
    named = (
        f"\n{about['number']}　{about['title']}\n{about['issuer']}　{about['issued_on']}"
        if about
        else ""
    )
    return "\n".join([f"{head}：{report.file}{named}", *(f"· {each}" for each in report.findings)])
