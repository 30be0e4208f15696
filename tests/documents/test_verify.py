"""The public verification pages: what a stranger is told, and what nobody can find out."""

import hashlib
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from county_portal.documents.actions.files import Made, keep_paper_file
from county_portal.documents.actions.issuing import keep_paper
from county_portal.documents.actions.keys import renew_key
from county_portal.documents.actions.standing import lapse_papers, void_paper
from county_portal.documents.codes import shown_code
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.kinds import DataKind, Source, register_data
from county_portal.documents.models import Paper
from county_portal.documents.verify import verify_document as script
from tests.documents.papers import issue

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a document" * 100


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    settings.DOCUMENT_KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def paper(people):
    return issue(people.publisher)


@pytest.fixture
def stranger():
    return Client(REMOTE_ADDR="198.51.100.7")


def keep(paper, content=PDF, kind=PaperFileKind.PDF):
    with transaction.atomic():
        return keep_paper_file(paper, Made(kind, content, pages=2))


def page(paper):
    return reverse("verify:standing", args=[paper.code])


def test_a_valid_document_says_everything_to_a_stranger(stranger, paper):
    made = keep(paper)

    answer = stranger.get(page(paper))
    text = answer.content.decode()

    assert answer.status_code == 200
    for words in (
        *("有效", paper.number, paper.title, paper.issuer, "2026年3月2日", "2页"),
        *(shown_code(paper.code), paper.content_sha256, made.file.sha256),
    ):
        assert words in text
    assert "未加盖电子印章" in text


def test_the_pages_are_kept_by_nobody(stranger, paper):
    for path in (page(paper), "/v/", "/v/keys/", "/v/0000-0000-0000/"):
        answer = stranger.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]


@pytest.mark.parametrize(
    "write", [str.lower, shown_code, lambda code: shown_code(code).replace("-", " ")]
)
def test_a_code_is_found_however_it_is_typed(stranger, paper, write):
    answer = stranger.get("/v/", {"code": write(paper.code)})

    assert (answer.status_code, answer["Location"]) == (302, page(paper))


def test_codes_never_given_and_malformed_ones_are_answered_alike(stranger, paper):
    never = stranger.get("/v/0123456789AB/")
    answers = [
        stranger.get("/v/x/"),
        stranger.get("/v/" + "核" * 12 + "/"),
        stranger.get("/v/", {"code": "never"}),
        stranger.get("/v/", {"code": "0123-4567-89AB"}),
        stranger.get("/v/0123456789AB/pdf.receipt"),
    ]

    assert never.status_code == 404
    assert "没有签发过" in never.content.decode()
    for answer in answers:
        assert answer.status_code == 404
        assert answer.content == never.content


def test_a_void_document_says_why_and_since_when(stranger, people, paper):
    void_paper(actor=people.publisher, paper_id=paper.public_id, reason="文号用错")

    text = stranger.get(page(paper)).content.decode()

    assert "已撤销" in text
    assert "文号用错" in text
    assert "tone-danger" in text


def test_a_replaced_document_leads_to_its_successor(stranger, people, paper):
    successor = issue(
        people.publisher, paper.register, replaces=paper, replace_reason="名单中一处县名有误"
    )

    text = stranger.get(page(paper)).content.decode()

    assert "已更正" in text
    assert "名单中一处县名有误" in text
    assert page(successor) in text
    assert "有效" in stranger.get(page(successor)).content.decode()


def test_a_lapsed_document_says_so(stranger, people):
    register_data(DataKind("test.verify", "试验", lambda key: "ab" * 32, lambda key: None))
    source = Source("test.verify", "1", "试验数据", "ab" * 32)
    paper = issue(people.publisher, sources=[source])
    with transaction.atomic():
        lapse_papers(actor=people.publisher, kind="test.verify", keys=["1"], reason="数据已修改")

    text = stranger.get(page(paper)).content.decode()

    assert "已失效" in text
    assert "数据已修改" in text


def test_a_report_card_is_verified_the_same_way(stranger, people):
    card = Paper(
        kind="report_card",
        title="霸州市2020年度得分说明书",
        issuer="河北省科学技术厅",
        office=people.manager.office,
        number="得分说明书131081-2020",
        issued_on=people.manager.created_at.date(),
        content="{}",
    )
    with transaction.atomic():
        keep_paper(actor=people.manager, paper=card, sources=[])
    keep(card)

    text = stranger.get(page(card)).content.decode()

    assert "霸州市2020年度得分说明书" in text
    assert "有效" in text


def upload(content):
    return SimpleUploadedFile("公文.pdf", content, "application/pdf")


def test_the_issued_file_is_recognised_without_javascript(stranger, paper, files_dir):
    keep(paper)
    before = sorted(files_dir.rglob("*"))

    same = stranger.post(reverse("verify:compare", args=[paper.code]), {"file": upload(PDF)})
    other = stranger.post(
        reverse("verify:compare", args=[paper.code]), {"file": upload(PDF + b" ")}
    )

    assert "与签发文件一致" in same.content.decode()
    assert "与签发文件不一致" in other.content.decode()
    assert sorted(files_dir.rglob("*")) == before


def test_the_digest_made_in_the_browser_is_compared(stranger, paper):
    made = keep(paper)

    same = stranger.get(page(paper), {"sha256": made.file.sha256}).content.decode()
    other = stranger.get(page(paper), {"sha256": "0" * 64}).content.decode()

    assert "与签发文件一致" in same
    assert "与签发文件不一致" in other


def test_a_file_finds_its_document(stranger, paper):
    keep(paper)

    by_upload = stranger.post("/v/file/", {"file": upload(PDF)}).content.decode()
    by_digest = stranger.get("/v/", {"sha256": hashlib.sha256(PDF).hexdigest().upper()})
    unknown = stranger.post("/v/file/", {"file": upload(b"%PDF other")})

    assert paper.number in by_upload
    assert paper.number in by_digest.content.decode()
    assert unknown.status_code == 404
    assert "没有与它完全一致的" in unknown.content.decode()


def test_uploads_touch_no_disk(stranger, paper, monkeypatch):
    """The handler that writes temporary files is never asked."""
    import tempfile

    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refuse)
    keep(paper, b"x" * (3 * 2**20))

    answer = stranger.post("/v/file/", {"file": upload(b"x" * (3 * 2**20))})

    assert paper.number in answer.content.decode()


def test_a_file_too_large_is_refused_in_words(stranger, paper, settings):
    settings.FILES_MAX_BYTES = 2**20

    answer = stranger.post("/v/file/", {"file": upload(b"x" * (2**20 + 1))})

    assert answer.status_code == 413
    assert "超过1MB" in answer.content.decode()


def test_no_file_is_refused_in_words(stranger, paper):
    answer = stranger.post(reverse("verify:compare", args=[paper.code]))

    assert answer.status_code == 422
    assert "没有选择文件" in answer.content.decode()


def test_uploading_needs_the_pages_own_form(paper):
    client = Client(enforce_csrf_checks=True)

    assert client.post("/v/file/", {"file": upload(PDF)}).status_code == 403
    token = client.get("/v/").context["csrf_token"]
    answer = client.post("/v/file/", {"file": upload(PDF), "csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 404


def test_receipt_keys_and_script_are_all_one_needs(stranger, paper, tmp_path, capsys):
    keep(paper)
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "a.receipt").write_bytes(stranger.get(f"/v/{paper.code}/pdf.receipt").content)
    (tmp_path / "keys.json").write_bytes(stranger.get("/v/keys.json").content)
    arguments = [str(tmp_path / name) for name in ("a.pdf", "a.receipt", "keys.json")]

    code = script.main([arguments[0], "--receipt", arguments[1], "--keys", arguments[2]])

    assert code == 0
    assert paper.number in capsys.readouterr().out
    served = stranger.get("/v/verify_document.py")
    assert served.content == Path(script.__file__).read_bytes()


def test_the_keys_page_shows_retired_keys_and_fingerprints(stranger, paper):
    keep(paper)
    renew_key(actor=None)

    listed = json.loads(stranger.get("/v/keys.json").content)["keys"]
    text = stranger.get("/v/keys/").content.decode()

    assert [bool(key["retired_at"]) for key in listed] == [False, True]
    for key in listed:
        assert key["fingerprint"] in text
    assert "已停用" in text


def test_no_receipt_of_a_file_not_made(stranger, paper):
    assert stranger.get(f"/v/{paper.code}/docx.receipt").status_code == 404


def test_who_asks_in_vain_too_often_must_wait_alone(settings, paper):
    settings.VERIFY_MISSES = 5
    guesser, other = Client(REMOTE_ADDR=_fresh_address()), Client(REMOTE_ADDR=_fresh_address())

    codes = [guesser.get("/v/0123456789AB/").status_code for _ in range(6)]

    assert codes == [404] * 5 + [429]
    assert guesser.get(page(paper)).status_code == 429
    assert other.get(page(paper)).status_code == 200


def test_valid_codes_are_not_counted(settings, paper):
    settings.VERIFY_MISSES = 2
    client = Client(REMOTE_ADDR=_fresh_address())

    assert {client.get(page(paper)).status_code for _ in range(5)} == {200}


def test_verifying_goes_on_without_redis(settings, paper):
    settings.VERIFY_MISSES = 1
    settings.CACHES = {
        **settings.CACHES,
        "limits": {**settings.CACHES["limits"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    client = Client(REMOTE_ADDR=_fresh_address())

    assert {client.get("/v/0123456789AB/").status_code for _ in range(3)} == {404}
    assert client.get(page(paper)).status_code == 200


def _fresh_address():
    """Counts of earlier runs live on in Valkey for ten minutes."""
    import secrets

    return f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"


def test_verification_stands_in_navigation_and_footer(stranger, paper):
    text = stranger.get("/").content.decode()

    assert text.count('href="/v/"') == 2


def test_the_number_of_queries_does_not_grow(stranger, paper, django_assert_max_num_queries):
    keep(paper)
    stranger.get(page(paper))
    with django_assert_max_num_queries(4):
        stranger.get(page(paper))
