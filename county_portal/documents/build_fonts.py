"""Rebuild `static/fonts/*.ttf` from Debian's packages: a developer's tool, never run by the portal.

    apt-get download texlive-lang-chinese fonts-noto-cjk fonts-liberation2 unicode-data  # in a folder
    python -m county_portal.documents.build_fonts FOLDER                  # needs dpkg-deb and fonttools
    python -m county_portal.documents.build_fonts --check                 # compare files with the lock

The same packages and the same fonttools give the same bytes; `static/fonts/fonts.lock.json` says which
ones were used. Outlines are turned from cubic to quadratic (WeasyPrint subsets TrueType faster and its
files come out smaller), layout tables and vertical metrics are dropped (no document here is set
vertically), and every family gets a name of its own, so that a font of the same name installed on a
machine can never step in. Font families and licences: `docs/decisions/0005-pdf-and-fonts.md`.
"""

from __future__ import annotations

import bz2
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fontTools
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FONT_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
LOCK_FILE = FONT_FOLDER / "fonts.lock.json"
PACKAGES = ("texlive-lang-chinese", "fonts-noto-cjk", "fonts-liberation2", "unicode-data")

FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
LIBERATION = "usr/share/fonts/truetype/liberation2"
NOTO = "usr/share/fonts/opentype/noto"
UNIHAN = "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
COPYRIGHTS = {
    "texlive-lang-chinese": "Subset of Fandol fonts (Clerk Ma, Jie Su)",
    "fonts-noto-cjk": "Subset of Noto CJK, (c) 2014-2022 Adobe (http://www.adobe.com/)",
    "fonts-liberation2": "Subset; (c) 2010 Google Corporation, (c) 2012 Red Hat, Inc.",
}
SIMPLIFIED_FACE = 2  # the SC member of Noto's collections
BOLD = 700
HAN = range(0x4E00, 0xA000)
TOLERANCE = 1.0  # of 1000 units an em: 6 micrometres at 16 pt

# Wanted beyond the code pages: the sources' own signs and names, and what tables and formulas print.
EXTRA_CHARACTERS = "陘≧≦㎡㎞㎏㎎㎝㎜〔〕〖〗【】①②③④⑤⑥⑦⑧⑨⑩⑪⑫ⅠⅡⅢⅣⅤ‰℃×÷±−≤≥≠≈∞√→←↑↓▲▼△▽●○■□★☆✓—–…·•※"


@dataclass(frozen=True, slots=True)
class Face:
    """One file to build."""

    file_name: str
    family: str
    weight: int
    package: str
    member: str
    collection_index: int
    characters: str  # which set of `character_sets`
    licence: str


FACES = (
    Face("CountyFangSong-Regular.ttf", "County FangSong", 400, "texlive-lang-chinese",
         f"{FANDOL}/FandolFang-Regular.otf", -1, "usual", "GPL-3.0 with font exception"),
    Face("CountyKai-Regular.ttf", "County Kai", 400, "texlive-lang-chinese",
         f"{FANDOL}/FandolKai-Regular.otf", -1, "usual", "GPL-3.0 with font exception"),
    Face("CountyHei-Regular.ttf", "County Hei", 400, "fonts-noto-cjk",
         f"{NOTO}/NotoSansCJK-Regular.ttc", SIMPLIFIED_FACE, "usual", "OFL-1.1"),
    Face("CountyHei-Bold.ttf", "County Hei", BOLD, "fonts-noto-cjk",
         f"{NOTO}/NotoSansCJK-Bold.ttc", SIMPLIFIED_FACE, "usual", "OFL-1.1"),
    # Weight 400 on purpose: 小标宋 is a face of its own, and nothing may embolden it a second time.
    Face("CountyBiaoSong-Regular.ttf", "County BiaoSong", 400, "fonts-noto-cjk",
         f"{NOTO}/NotoSerifCJK-Bold.ttc", SIMPLIFIED_FACE, "usual", "OFL-1.1"),
    Face("CountySong-Regular.ttf", "County Song", 400, "fonts-noto-cjk",
         f"{NOTO}/NotoSerifCJK-Regular.ttc", SIMPLIFIED_FACE, "rare", "OFL-1.1"),
    # Fandol's Latin letters are a heavy slab; these have the half width of 仿宋 digits and look official.
    Face("CountyRoman-Regular.ttf", "County Roman", 400, "fonts-liberation2",
         f"{LIBERATION}/LiberationSerif-Regular.ttf", -1, "ascii", "OFL-1.1"),
)  # fmt: skip


def code_page(encoding: str) -> set[int]:
    """Every character of the basic plane that the encoding has."""
    found: set[int] = set()
    for code in (*range(0x20, 0xD800), *range(0xE000, 0x10000)):
        try:
            chr(code).encode(encoding)
        except UnicodeEncodeError:
            continue
        found.add(code)
    return found


def code_point(notation: str) -> int:
    """The code point of "U+4E00"."""
    return int(notation.removeprefix("U+"), base=16)


def common_characters(unihan: Path) -> set[int]:
    """通用规范汉字表, 8105 characters, as Unihan's kTGH records it."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        return {code_point(line.split("\t")[0]) for line in lines if "\tkTGH\t" in line}


def character_sets(unihan: Path) -> dict[str, set[int]]:
    """What the faces hold: usual for text, rare for the fallback, ascii for Latin letters.

    The fallback has GBK without the Han of GB2312, which every face it stands behind has.
    """
    basic = code_page("gb2312")
    usual = basic | common_characters(unihan) | {ord(character) for character in EXTRA_CHARACTERS}
    rare = (usual | code_page("gbk")) - {code for code in basic if code in HAN}
    return {"usual": usual, "rare": rare, "ascii": set(range(0x20, 0x7F))}


def unpack(folder: Path, target: Path) -> dict[str, str]:
    """Unpack the packages; answer each one's file name with its sha256."""
    used: dict[str, str] = {}
    for package in PACKAGES:
        archive = next(iter(sorted(folder.glob(f"{package}_*.deb"))), None)
        if archive is None:
            raise SystemExit(f"{folder} holds no {package}_*.deb; run: apt-get download {package}")
        subprocess.run(  # noqa: S603 -- a developer's own files
            ["/usr/bin/dpkg-deb", "-x", str(archive), str(target / package)], check=True
        )
        used[archive.name] = file_digest(archive)
    return used


def file_digest(path: Path) -> str:
    """The sha256 of a file's content, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_subset(face: Face, source: Path, characters: set[int]) -> Any:
    """The font with these characters only and no layout tables."""
    font = TTFont(source, fontNumber=face.collection_index, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB", "GDEF", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters & set(font.getBestCmap()))
    cutter.subset(font)
    return font


def make_quadratic(font: Any) -> None:
    """Replace the cubic `CFF ` outlines by a `glyf` table."""
    order, outlines = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    del font["CFF "]
    font["hmtx"].metrics = {
        name: (advance, getattr(glyphs[name], "xMin", 0) if glyphs[name].numberOfContours else 0)
        for name, (advance, _) in _with_bounds(font, glyphs)
    }
    _describe_as_truetype(font, order)


def _with_bounds(font: Any, glyphs: dict[str, Any]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Metrics of each glyph, its bounds computed first: left bearings come from them."""
    for name, metrics in font["hmtx"].metrics.items():
        glyphs[name].recalcBounds(font["glyf"])
        yield name, metrics


def _describe_as_truetype(font: Any, order: list[str]) -> None:
    profile = font["maxp"]
    profile.tableVersion = 0x00010000
    profile.maxZones, profile.maxTwilightPoints, profile.maxStorage = 1, 0, 0
    profile.maxFunctionDefs = profile.maxInstructionDefs = profile.maxStackElements = 0
    profile.maxSizeOfInstructions = profile.maxComponentElements = 0
    profile.maxPoints = profile.maxContours = 0
    profile.maxCompositePoints = profile.maxCompositeContours = profile.maxComponentDepth = 0
    profile.numGlyphs = len(order)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def rename(font: Any, face: Face) -> None:
    """Give the family its own name; keep whose work it is and under which licence."""
    is_bold = face.weight == BOLD
    style = "Bold" if is_bold else "Regular"
    names = newTable("name")
    names.names = []
    texts = {
        0: COPYRIGHTS[face.package],
        1: face.family, 2: style, 3: f"county-portal;{face.family} {style}",
        4: f"{face.family} {style}", 5: "Version 1.000",
        6: f"{face.family.replace(' ', '')}-{style}",
        13: f"{face.licence}; see static/fonts/ and NOTICE",
    }  # fmt: skip
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    font["name"] = names
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = 0x20 if is_bold else 0x40
    font["head"].macStyle = 1 if is_bold else 0


def even_metrics(font: Any) -> None:
    """The same ascent and descent in every face, the ideographic em box.

    A line that mixes faces is otherwise higher than its line-height (half leading is reckoned face by
    face), and 22 lines would not stand in 225 mm.
    """
    em = font["head"].unitsPerEm
    ascent, descent = round(em * 0.88), round(em * 0.12)
    horizontal, windows = font["hhea"], font["OS/2"]
    horizontal.ascent, horizontal.descent, horizontal.lineGap = ascent, -descent, 0
    windows.sTypoAscender, windows.sTypoDescender, windows.sTypoLineGap = ascent, -descent, 0
    windows.usWinAscent, windows.usWinDescent = ascent, descent


def build(folder: Path) -> None:
    """Build every face and write the lock file."""
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = Path(scratch)
        packages = unpack(folder, unpacked)
        sets = character_sets(unpacked / "unicode-data" / UNIHAN)
        for face in FACES:
            source = unpacked / face.package / face.member
            font = load_subset(face, source, sets[face.characters])
            if "CFF " in font:
                make_quadratic(font)
            even_metrics(font)
            rename(font, face)
            font.save(FONT_FOLDER / face.file_name, reorderTables=True)
    lock = {
        "fonttools": fontTools.version,
        "packages": packages,
        "files": {face.file_name: file_digest(FONT_FOLDER / face.file_name) for face in FACES},
    }
    LOCK_FILE.write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def differing_files() -> list[str]:
    """Font files whose content is not what the lock file says."""
    locked: dict[str, str] = json.loads(LOCK_FILE.read_text(encoding="utf-8"))["files"]
    return [
        name
        for name, digest in sorted(locked.items())
        if not (FONT_FOLDER / name).is_file() or file_digest(FONT_FOLDER / name) != digest
    ]


def main(arguments: list[str]) -> int:
    """Build from the folder named, or with --check compare the files with the lock."""
    if arguments == ["--check"]:
        different = differing_files()
        sys.stdout.write("\n".join(different) or "every font file is what the lock says\n")
        return 1 if different else 0
    if len(arguments) != 1:
        sys.stdout.write(__doc__ or "")
        return 2
    build(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
