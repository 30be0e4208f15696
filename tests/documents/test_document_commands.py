"""`verify_document` and `document_keys`, as an operator runs them."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from county_portal.documents.actions.files import Made, keep_paper_file, make_paper_file
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.models import VerificationKey
from county_portal.documents.receipts import keys_document
from county_portal.documents.selectors.verification import list_keys
from county_portal.files.store import path_of
from tests.documents.papers import issue
from tests.documents.reading import needs_pango

pytestmark = pytest.mark.django_db

WORD = b"PK a document"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path, tmp_path_factory):
    settings.DOCUMENT_KEYS_DIR = tmp_path / "keys"
    settings.DOCUMENT_SEALS_DIR = tmp_path_factory.getbasetemp() / "seals"


@pytest.fixture
def paper(people):
    return issue(people.publisher)


@pytest.fixture
def kept(paper):
    with transaction.atomic():
        return keep_paper_file(paper, Made(PaperFileKind.DOCX, WORD))


def verify(capsys, *arguments):
    """Exit code and output."""
    code = 0
    try:
        call_command("verify_document", *(str(each) for each in arguments))
    except SystemExit as leaving:
        code = leaving.code
    return code, capsys.readouterr().out


def test_an_issued_file_is_valid(capsys, tmp_path, paper, kept):
    path = tmp_path / "a.docx"
    path.write_bytes(WORD)

    code, out = verify(capsys, path)

    assert code == 0
    for words in ("核验通过", paper.number, paper.title, "现行有效", "核验凭据的签名有效"):
        assert words in out


def test_a_changed_file_is_not(capsys, tmp_path, kept):
    path = tmp_path / "a.docx"
    path.write_bytes(WORD + b"!")

    code, out = verify(capsys, path)

    assert code == 1
    assert "没有签发过" in out


def test_the_file_of_a_void_document_is_not(capsys, tmp_path, people, paper, kept):
    void_paper(actor=people.publisher, paper_id=paper.public_id, reason="文号用错")
    path = tmp_path / "a.docx"
    path.write_bytes(WORD)

    code, out = verify(capsys, path, "--json")

    report = json.loads(out)
    assert (code, report["is_valid"], report["document"]["status"]) == (1, False, "void")
    assert any("文号用错" in each for each in report["findings"])


def test_offline_the_database_is_not_asked(
    capsys, tmp_path, paper, kept, django_assert_num_queries
):
    path, receipt, keys = (tmp_path / name for name in ("a.docx", "a.receipt", "keys.json"))
    path.write_bytes(WORD)
    receipt.write_text(kept.receipt)
    keys.write_text(json.dumps(keys_document(list_keys())))

    with django_assert_num_queries(0):
        code, out = verify(capsys, path, "--receipt", receipt, "--keys", keys)
        path.write_bytes(WORD + b"!")
        other, told = verify(capsys, path, "--receipt", receipt, "--keys", keys)

    assert (code, other) == (0, 1)
    assert paper.number in out
    assert "不一致" in told


def test_half_of_what_offline_needs_is_refused(tmp_path, kept):
    with pytest.raises(CommandError, match="同时"):
        call_command("verify_document", str(tmp_path / "a"), "--receipt", str(tmp_path / "b"))


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="无法读取"):
        call_command("verify_document", str(tmp_path / "nowhere.pdf"))


@needs_pango
def test_the_signature_of_a_pdf_is_verified_too(capsys, settings, tmp_path, paper):
    settings.DOCUMENT_SIGNER = "county_portal.demo.seals.demonstration_signer"
    with transaction.atomic():
        made = make_paper_file(paper, PaperFileKind.PDF)
    path = path_of(made.file.sha256)
    broken = tmp_path / "broken.pdf"
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    broken.write_bytes(content)

    code, out = verify(capsys, path)
    other, told = verify(capsys, broken, "--json")

    assert code == 0
    assert f"PDF由“{paper.issuer}”电子签名，签名后没有改动；证书受信任" in out
    assert other == 1
    assert not any(each["is_intact"] for each in json.loads(told)["signatures"])


def test_keys_are_made_listed_and_renewed(capsys):
    call_command("document_keys")
    assert "目录中没有密钥" in capsys.readouterr().out

    call_command("document_keys", "--new")
    first = VerificationKey.objects.get().kid
    call_command("document_keys", "--new")

    out = capsys.readouterr().out
    second = VerificationKey.objects.get(retired_at__isnull=True).kid
    assert f"{first}　已停用" in out
    assert f"{second}　使用中，私钥在目录中" in out
