"""Uploads through the real multipart parser and upload handler."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from county_portal.common.errors import Invalid
from county_portal.files import store
from county_portal.files.actions import keep_blob, keep_generated, keep_upload
from county_portal.files.models import StoredFile
from county_portal.files.responses import serve
from tests.accounts.people import make_user
from tests.files import samples

pytestmark = pytest.mark.django_db

BOUNDARY = "----portal"
TRAVERSALS = [
    "../../../etc/cron.d/x.pdf", "..\\..\\windows\\x.pdf", "/etc/passwd.pdf", "C:\\x.pdf", "\\\\host\\share\\x.pdf",
    "....//....//x.pdf", "..%2f..%2fx.pdf", "%2e%2e/x.pdf", "a/b/c.pdf", "./x.pdf", "x.pdf/", "..", ".", "/", "~/x.pdf",
    "x.pdf::$DATA", "CON.pdf", "nul.pdf", "x\x7f.pdf", "x\u202efdp.exe.pdf", "a" * 300 + ".pdf", ".pdf", "-rf.pdf",
    "x;rm -rf /.pdf", "$(id).pdf", "`id`.pdf", "x.pdf\\", "\u2025/x.pdf", "..\u2215x.pdf",
]  # fmt: skip


@pytest.fixture
def uploader(client, settings):
    settings.ROOT_URLCONF = "tests.files.upload_urls"
    client.force_login(make_user())
    return client


def post_raw(client, filename, content):
    """The multipart body written by hand: Django's test client would clean the name."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return client.post(
        "/upload/",
        data=body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"Accept": "application/json"},
    )


def everything_below(root):
    return {path for path in root.rglob("*") if path.is_file()}


def test_an_upload_is_kept_with_its_name(uploader):
    response = post_raw(uploader, "关于认定高新技术企业的批复.pdf", samples.PDF)

    assert response.json() == {
        "files": [{"name": "关于认定高新技术企业的批复.pdf", "size": len(samples.PDF)}]
    }
    file = StoredFile.objects.get()
    assert (file.content_type, file.created_by) == ("application/pdf", response.wsgi_request.user)
    assert store.path_of(file.sha256).read_bytes() == samples.PDF


@pytest.mark.parametrize("name", TRAVERSALS)
def test_names_lead_nowhere(uploader, name, tmp_path, files_dir):
    response = post_raw(uploader, name, samples.PDF)

    assert response.status_code in {200, 400, 422}
    folder = files_dir / hashlib.sha256(samples.PDF).hexdigest()[:2]
    assert {path.parent for path in everything_below(tmp_path)} <= {folder}
    for file in StoredFile.objects.all():
        assert "/" not in file.name
        assert "\\" not in file.name
        assert len(file.name) <= 120
        assert file.name.lower().endswith(".pdf")


def test_an_oversize_upload_is_refused_and_leaves_nothing(uploader, settings, files_dir, tmp_path):
    settings.FILES_MAX_BYTES = 200_000
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    response = post_raw(uploader, "大.pdf", samples.PDF + b"\0" * 5_000_000)

    assert (response.status_code, response.json()["code"]) == (422, "file_too_large")
    assert "大.pdf" in response.json()["sentence"]
    assert not StoredFile.objects.exists()
    assert everything_below(tmp_path) == set()


def test_an_oversize_file_never_fills_the_disk_while_it_streams(settings, tmp_path):
    """What passes the limit is dropped, not written."""
    from django.test import RequestFactory

    settings.FILES_MAX_BYTES = 200_000
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = RequestFactory().post(
        "/",
        {
            "file": SimpleUploadedFile("大.pdf", b"x" * 3_000_000),
            "small": SimpleUploadedFile("小.pdf", b"y" * 9),
        },
    )

    big, small = request.FILES["file"], request.FILES["small"]

    assert (big.oversize, small.oversize) == (True, False)
    assert Path(big.temporary_file_path()).stat().st_size <= 200_000
    assert small.read() == b"y" * 9
    big.close()
    small.close()


@pytest.mark.parametrize("size, fits", [(200_000, True), (200_001, False)])
def test_the_limit_itself_fits(uploader, settings, size, fits):
    settings.FILES_MAX_BYTES = 200_000

    response = post_raw(uploader, "界.pdf", samples.PDF.ljust(size, b"\0"))

    assert response.status_code == (200 if fits else 422)


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("a.pdf", samples.EXE, "file_type_not_accepted"),
        ("a.pdf", b"", "file_empty"),
        ("a.xlsx", samples.lying_bomb(), "file_inflates"),
    ],
)
def test_refused_uploads_store_nothing(uploader, files_dir, name, content, code):
    response = post_raw(uploader, name, content)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert not StoredFile.objects.exists()
    assert everything_below(files_dir) == set()


@pytest.mark.parametrize(
    "name, kept",
    [
        ("a/b\\c.pdf", "c.pdf"),
        ("第一行\n第二行.pdf", "第一行 第二行.pdf"),
        ("县" * 200 + ".pdf", "县" * 116 + ".pdf"),
        ("县" * 116 + ".pdf", "县" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned_as_data(name, kept):
    upload = SimpleUploadedFile("x.pdf", samples.PDF)
    upload._name = name  # past Django's own cleaning

    assert keep_upload(actor=make_user(), upload=upload).name == kept


@pytest.mark.parametrize("name", ["a\x07b.pdf", "a\u202efdp.exe.pdf", "a\ud800.pdf"])
def test_names_with_hidden_characters_are_refused(name):
    upload = SimpleUploadedFile("x.pdf", samples.PDF)
    upload._name = name

    with pytest.raises(Invalid, match="file_name_invalid"):
        keep_upload(actor=make_user(), upload=upload)


def test_an_ending_longer_than_a_name_is_no_ending():
    upload = SimpleUploadedFile("x.pdf", samples.PDF)
    upload._name = "a." + "b" * 300

    with pytest.raises(Invalid, match="file_ending_belies_content"):
        keep_upload(actor=make_user(), upload=upload)


def test_equal_uploads_are_two_rows_and_one_blob(uploader, files_dir):
    for name in ("甲.pdf", "乙.pdf"):
        post_raw(uploader, name, samples.PDF)

    assert sorted(StoredFile.objects.values_list("name", flat=True)) == ["乙.pdf", "甲.pdf"]
    assert len(everything_below(files_dir)) == 1


def test_generated_files_have_no_uploader():
    made = keep_generated(content=b"%PDF-", name="名单.pdf", content_type="application/pdf")
    named = keep_blob(blob=store.put([b"zip"]), name="包.zip", content_type="application/zip")

    assert (made.created_by, named.created_by) == (None, None)
    assert (named.size, str(made)) == (3, "名单.pdf")


def test_an_empty_file_is_no_file():
    with pytest.raises(IntegrityError, match="stored_file_not_empty"), transaction.atomic():
        keep_generated(content=b"", name="空.pdf", content_type="application/pdf")


@pytest.mark.parametrize(
    "name", ["关于认定的批复.pdf", 'a"b.pdf', "a;b.pdf", "a\r\nSet-Cookie: x=1.pdf", "é.pdf"]
)
def test_a_file_is_served_as_an_attachment_under_its_name(name):
    from email.message import Message

    file = keep_generated(content=samples.PDF, name=name, content_type="application/pdf")

    response = serve(file)

    header = Message()
    header["content-disposition"] = response["Content-Disposition"]
    assert header.get_content_disposition() == "attachment"
    assert header.get_filename() == name or "\r" in name
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    assert "Set-Cookie" not in response.headers
    assert b"".join(response.streaming_content) == samples.PDF
    response.close()


def test_public_files_may_be_kept_for_minutes():
    file = keep_generated(content=samples.PDF, name="名单.pdf", content_type="application/pdf")

    response = serve(file, is_public=True)

    assert response["Cache-Control"] == "public, max-age=300"
    assert response["ETag"] == f'"{file.sha256}"'
    response.close()


def test_a_row_without_its_blob_is_not_found(files_dir):
    from django.http import Http404

    file = keep_generated(content=samples.PDF, name="名单.pdf", content_type="application/pdf")
    store.path_of(file.sha256).unlink()

    with pytest.raises(Http404):
        serve(file)
