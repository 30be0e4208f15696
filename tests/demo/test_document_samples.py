"""Sample documents: every layout and kind, from files of the repository alone, small pictures of their pages."""

import io
import json
import re
from pathlib import Path

import pypdfium2
from django.core.management import call_command
from PIL import Image

from county_portal.demo.page_images import page_images
from county_portal.demo.samples import read_card, samples
from reports.card import card_content
from tests.documents.card_samples import report_card
from tests.documents.reading import needs_pango, text
from tests.documents.word_reading import all_text

pytestmark = needs_pango
PROJECT_FOLDER = Path(__file__).resolve().parents[2]
FOLDER = PROJECT_FOLDER / "docs" / "公文样张"
CARD = PROJECT_FOLDER / "provinces" / "hebei" / "demo" / "sample-card.json"


def test_the_command_writes_every_kind_without_a_database(tmp_path):
    call_command("document_samples", out=tmp_path, stdout=io.StringIO())
    names = {path.name for path in tmp_path.iterdir()}
    for name in ("推荐函", "通知", "报告", "评价结果通知"):
        assert {f"{name}.pdf", f"{name}.docx", f"{name}-1.png"} <= names
        said = all_text((tmp_path / f"{name}.docx").read_bytes())
        assert said[-24:-12] in text((tmp_path / f"{name}.pdf").read_bytes())
    assert {"得分说明书.pdf", "得分说明书-1.png"} <= names
    assert "石科函〔2021〕7号" in text((tmp_path / "推荐函.pdf").read_bytes())
    assert "签发人：李明远" in text((tmp_path / "报告.pdf").read_bytes())
    for picture in tmp_path.glob("*.png"):
        assert picture.stat().st_size <= 40_000, picture.name
        with Image.open(picture) as image:
            assert (image.width, image.mode) == (700, "P")


def test_only_pictures_where_only_pictures_are_asked_for(tmp_path):
    call_command("document_samples", out=tmp_path, images_only=True, stdout=io.StringIO())
    assert {path.suffix for path in tmp_path.iterdir()} == {".png"}


def test_pages_count_from_both_ends_and_none_comes_twice():
    content = next(sample for sample in samples() if sample.name == "推荐函").pdf()
    document = pypdfium2.PdfDocument(content)
    count = len(document)
    document.close()
    assert list(page_images(content, (1, -1, count, 99))) == [1, count]


def test_the_sample_card_is_the_one_of_the_tests():
    """Told apart, a changed card would go on being shown as it was."""
    wanted = json.loads(card_content(report_card()))
    held = json.loads(CARD.read_text("utf-8"))
    assert held == wanted, (
        f"write card_content(report_card()) to {CARD.name}, then run document_samples"
    )
    assert card_content(read_card()) == card_content(report_card())


def test_docs_show_the_samples_and_name_each_picture():
    pictures = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    shown = re.findall(r"\]\(([^)]+\.png)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert sorted(shown) == sorted(pictures)
    assert sum(pictures.values()) <= 600_000
    assert {name.rpartition("-")[0] for name in pictures} == {sample.name for sample in samples()}
