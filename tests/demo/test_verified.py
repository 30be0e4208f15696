"""The summary's word on documents is what a verifier would find."""

import pytest

from county_portal.demo.verified import count_documents, median_pdf_bytes
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.models import PaperFile
from county_portal.documents.pdf import pdf_available
from county_portal.files.store import path_of
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from tests.factories.sheets import approve
from tests.indicators.letters import issue_letter

needs_pdf = pytest.mark.skipif(not pdf_available(), reason="this machine has no Pango")


@pytest.fixture
def letter(people, submission):
    """廊坊's letter, its files made."""
    approve(people.lead, people.reviewer, submission)
    made = issue_letter(people.reviewer, people.signer, submission.collection)
    runner.work(Job.objects.get(kind="documents.files").pk)
    return made


@needs_pdf
def test_untouched_files_are_verified(people, letter):
    void_paper(actor=people.signer, paper_id=letter.public_id, reason="印制有误。")

    assert count_documents() == {
        "issued": 1,
        "void": 1,
        "replaced": 0,
        "lapsed": 0,
        "verified": 1,
    }
    assert median_pdf_bytes() == letter.files.get(kind="pdf").file.size


@needs_pdf
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_one_changed_byte_is_found(letter, kind):
    path = path_of(PaperFile.objects.get(paper=letter, kind=kind).file.sha256)
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert count_documents()["verified"] == 0


def test_without_documents_there_is_nothing_to_count(db):
    assert (count_documents()["issued"], count_documents()["verified"], median_pdf_bytes()) == (
        0,
        0,
        0,
    )
