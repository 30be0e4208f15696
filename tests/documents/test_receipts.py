"""Receipts: made with the files, verifiable without the portal, before and after keys are renewed."""

import base64
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from county_portal.audit.models import Event
from county_portal.common.errors import Refused
from county_portal.documents.actions.files import Made, keep_paper_file, make_paper_file
from county_portal.documents.actions.keys import renew_key, signing_key
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.keys import keys_folder, make_key, newest_key
from county_portal.documents.models import VerificationKey
from county_portal.documents.receipts import keys_document, published_key
from county_portal.documents.verify import verify_document as script
from county_portal.files.store import path_of
from tests.documents.papers import issue
from tests.documents.reading import needs_pango

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a test"


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    settings.DOCUMENT_KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def paper(people):
    return issue(people.publisher)


def keep(paper, content=PDF, kind=PaperFileKind.PDF):
    with transaction.atomic():
        return keep_paper_file(paper, Made(kind, content, pages=2))


def published():
    keys = [
        published_key(row.public_pem, row.created_at, row.retired_at)
        for row in VerificationKey.objects.all()
    ]
    return json.dumps(keys_document(keys))


def run(tmp_path, receipt, keys=None, content=PDF):
    """The script as a stranger runs it: no Django, no environment, not from the project's folder."""
    (tmp_path / "file.pdf").write_bytes(content)
    (tmp_path / "receipt.txt").write_text(receipt)
    (tmp_path / "keys.json").write_text(keys if keys is not None else published())
    copy = tmp_path / "verify_document.py"
    copy.write_bytes(Path(script.__file__).read_bytes())
    return subprocess.run(
        [sys.executable, "-I", copy, "file.pdf", "--receipt", "receipt.txt", "--keys", "keys.json"],
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_verifies_without_the_portal(tmp_path, paper):
    done = run(tmp_path, keep(paper).receipt)

    assert (done.returncode, done.stderr) == (0, "")
    assert paper.number in done.stdout
    assert paper.title in done.stdout


def test_the_script_is_short_enough_to_be_read():
    assert len(Path(script.__file__).read_text(encoding="utf-8").splitlines()) < 150


def test_one_changed_byte_does_not_verify(tmp_path, paper):
    done = run(tmp_path, keep(paper).receipt, content=PDF[:-1] + b"T")

    assert done.returncode == 1
    assert "不一致" in done.stdout


def test_an_altered_statement_does_not_verify(tmp_path, paper):
    body, signature = keep(paper).receipt.split(".")
    stated = json.loads(script._decoded(body))
    stated["title"] = "关于加分的通知"
    forged = base64.urlsafe_b64encode(json.dumps(stated).encode()).decode().rstrip("=")

    done = run(tmp_path, f"{forged}.{signature}")

    assert done.returncode == 1
    assert "签名无效" in done.stdout


def test_a_receipt_by_a_key_nobody_published_does_not_verify(tmp_path, paper):
    receipt = keep(paper).receipt
    VerificationKey.objects.all().delete()
    with transaction.atomic():
        renew_key(actor=None)

    done = run(tmp_path, receipt)

    assert done.returncode == 1
    assert "不在已公布" in done.stdout


def test_a_published_key_under_another_number_is_refused(tmp_path, paper):
    receipt = keep(paper).receipt
    keys = json.loads(published())
    other = published_key(_other_pem(), VerificationKey.objects.get().created_at, None)
    keys["keys"][0]["public_key"] = other.public_key

    done = run(tmp_path, receipt, json.dumps(keys))

    assert done.returncode == 1
    assert "公钥文件有误" in done.stdout


def _other_pem():
    from county_portal.documents.keys import SigningKey

    key = make_key(VerificationKey.objects.get().created_at)
    assert isinstance(key, SigningKey)
    return key.public_pem


@pytest.mark.parametrize("text", ["", "a.b", "a", "e30.e30", "ééé.x", "a.b.c"])
def test_what_is_no_receipt_is_refused_in_words(tmp_path, paper, text):
    keep(paper)

    done = run(tmp_path, text)

    assert (done.returncode, done.stderr) == (1, "")
    assert "核验未通过" in done.stdout


def test_receipts_stay_valid_after_the_key_was_renewed(tmp_path, people, paper):
    before = keep(paper)
    first = newest_key().kid
    renew_key(actor=None)
    after = keep(issue(people.publisher, paper.register))

    assert newest_key().kid != first
    assert run(tmp_path, before.receipt).returncode == 0
    assert run(tmp_path, after.receipt).returncode == 0
    assert VerificationKey.objects.get(kid=first).retired_at is not None


def test_another_process_signs_with_the_same_key(settings, paper):
    """As after a restart: nothing of the key lives in a process."""
    import os

    keep(paper)
    asked = "import django; django.setup(); from county_portal.documents.keys import newest_key as k; print(k().kid)"

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked],
        env={**os.environ, "DOCUMENT_KEYS_DIR": str(settings.DOCUMENT_KEYS_DIR)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == VerificationKey.objects.get().kid


def test_what_is_dated_after_its_key_was_retired_is_not_believed(tmp_path, paper):
    receipt = keep(paper).receipt
    row = VerificationKey.objects.get()
    row.retired_at = row.created_at - timedelta(hours=1)
    row.save()

    done = run(tmp_path, receipt)

    assert done.returncode == 1
    assert "停用时间" in done.stdout


def test_private_keys_are_for_this_account_alone(paper):
    keep(paper)

    (path,) = keys_folder().glob("*")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys_folder().stat().st_mode & 0o777 == 0o700
    assert "PRIVATE" not in VerificationKey.objects.get().public_pem


def test_a_key_is_made_once_and_recorded(paper, people):
    first = keep(paper)
    second = keep(paper, b"PK", PaperFileKind.DOCX)

    kids = {
        json.loads(script._decoded(row.receipt.split(".")[0]))["kid"] for row in (first, second)
    }
    assert kids == {VerificationKey.objects.get().kid}
    assert Event.objects.filter(act="publish_key").count() == 1


def test_a_key_restored_without_the_database_is_entered_again(paper):
    with transaction.atomic():
        kid = signing_key().kid
    VerificationKey.objects.all().delete()

    keep(paper)

    assert VerificationKey.objects.get().kid == kid


def test_a_server_without_a_key_refuses_and_says_what_to_do(settings, paper):
    settings.IS_DEMONSTRATION = False

    with pytest.raises(Refused, match="no_document_key") as refused:
        keep(paper)
    assert "document_keys --new" in refused.value.sentence
    assert newest_key() is None


def test_an_old_backup_of_the_keys_is_not_used(settings, paper):
    with transaction.atomic():
        signing_key()
    renew_key(actor=None)
    newest = max(keys_folder().glob("*"))
    newest.unlink()

    with pytest.raises(Refused, match="document_key_retired"):
        keep(paper)


def test_the_receipt_is_of_the_bytes_kept(paper):
    made = keep(paper)

    stated = json.loads(script._decoded(made.receipt.split(".")[0]))
    assert script.sha256_of(path_of(made.file.sha256)) == stated["file_sha256"]
    assert stated["code"] == paper.code
    assert stated["content_sha256"] == paper.content_sha256
    assert stated["pages"] == 2


@needs_pango
def test_files_are_made_once(paper):
    with transaction.atomic():
        first = make_paper_file(paper, PaperFileKind.PDF)
        again = make_paper_file(paper, PaperFileKind.PDF)

    assert first.pk == again.pk
    assert not first.is_signed  # tests sign only where they ask for it
    assert first.pages >= 1
