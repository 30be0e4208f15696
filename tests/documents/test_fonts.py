"""The shipped fonts: the locked files, wide enough, even, and the only ones a document sees."""

import csv
import io
from functools import lru_cache
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from county_portal.documents import build_fonts
from county_portal.documents.fonts import FONT_FOLDER, use_project_fonts
from county_portal.documents.pdf import render_pdf
from tests.documents.reading import needs_pango, text

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
TEXT_FACES = ("CountyFangSong-Regular", "CountyKai-Regular", "CountyHei-Regular",
              "CountyHei-Bold", "CountyBiaoSong-Regular")  # fmt: skip
RARE = "陘浉瀍喆堃㎡≧"
SIGNS = "〔〕①⑩Ⅰ%‰≤÷×−—…·“”《》（），。、；："


@lru_cache
def characters(face: str) -> frozenset[str]:
    font = TTFont(FONT_FOLDER / f"{face}.ttf", lazy=True)
    return frozenset(chr(code) for code in font.getBestCmap())


def test_files_are_what_the_lock_says():
    assert build_fonts.differing_files() == []


def test_every_face_is_locked_and_licensed():
    assert {face.file_name for face in build_fonts.FACES} == {
        path.name for path in FONT_FOLDER.glob("*.ttf")
    }
    notice = (PROJECT_FOLDER / "NOTICE").read_text("utf-8")
    for face in build_fonts.FACES:
        assert face.file_name in notice
    assert len(list(FONT_FOLDER.glob("LICENSE-*"))) == 2


@pytest.mark.parametrize("face", TEXT_FACES)
def test_every_region_name_and_sign_can_be_set(face):
    wanted = set(SIGNS + RARE)
    for path in (PROJECT_FOLDER / "county_portal" / "accounts" / "data").glob("*_regions.csv"):
        for row in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
            wanted |= set(row["name"])
    assert wanted - characters(face) - characters("CountySong-Regular") == set()


@pytest.mark.parametrize("face", TEXT_FACES)
def test_every_face_has_the_han_of_gb2312(face):
    han = {chr(code) for code in build_fonts.code_page("gb2312") if code in build_fonts.HAN}
    assert len(han) == 6763
    assert han <= characters(face)


def test_fallback_has_the_rest_of_gbk():
    rest = {chr(code) for code in build_fonts.code_page("gbk") if code in build_fonts.HAN}
    rest -= characters("CountyFangSong-Regular")
    assert len(rest) > 14_000
    assert rest - characters("CountySong-Regular") == set()


def test_faces_share_their_vertical_metrics():
    measures = set()
    for face in build_fonts.FACES:
        font = TTFont(FONT_FOLDER / face.file_name, lazy=True)
        em = font["head"].unitsPerEm
        measures.add((round(font["hhea"].ascent / em, 2), round(font["hhea"].descent / em, 2)))
    assert measures == {(0.88, -0.12)}


def test_wrapper_is_written_once_and_again_when_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/somewhere/else")
    wrapper = use_project_fonts(tmp_path)
    first = wrapper.stat().st_ino
    assert use_project_fonts(tmp_path).stat().st_ino == first
    wrapper.write_text("broken")
    assert str(FONT_FOLDER) in use_project_fonts(tmp_path).read_text("utf-8")


def test_unwritable_var_dir_is_no_obstacle(tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/somewhere/else")
    (tmp_path / "occupied").write_text("a file where the folder should be")
    assert use_project_fonts(tmp_path / "occupied").is_file()


@needs_pango
def test_documents_use_only_the_projects_fonts():
    html = (
        "<p style='font-family: SimSun, Arial, sans-serif'>河北省 ABC 123</p><p>浉河 陘 ㎡</p>"
        "<p style='font-family: Helvetica'>한국어 عربي ไทย</p>"
    )
    content = render_pdf(html, title="字体", styles=("documents/official.css",)).content
    with pikepdf.open(io.BytesIO(content)) as document:
        names = {
            str(entry["/BaseFont"])
            for entry in document.objects
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/BaseFont")
        }
    assert names
    assert all("+County-" in name for name in names), names
    assert str(settings.VAR_DIR) not in repr(content)


@needs_pango
def test_rare_characters_are_set_and_read_back():
    content = render_pdf(
        f"<p>{RARE}井陘县 {SIGNS}</p>", title="生僻字", styles=("documents/official.css",)
    ).content
    assert f"{RARE}井陘县" in text(content)
