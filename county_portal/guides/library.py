"""The guides as files: `docs/使用手册/*.md`, gathered into handbooks by `目录.toml` there.

Read anew when a file changes; a guide no handbook names is found in the list of all guides.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from county_portal.guides.markdown import Heading, anchor_of, headings_of

GUIDES_DIR = Path(settings.BASE_DIR) / "docs" / "使用手册"
PICTURES_DIR = Path(settings.BASE_DIR) / "docs" / "images" / "guides"
CONTENTS = "目录.toml"
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a guide from one heading of the second level to the next; the first has no heading."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One file; `name` is the file's name without its ending, and its address."""

    name: str
    title: str
    text: str
    headings: tuple[Heading, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """What may stand behind # in its address."""
        return frozenset(heading.anchor for heading in self.headings)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The guide cut at its headings of the second level, without its title."""
        return _cut(self.text)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A guide, or one section of it, as part of a handbook."""

    guide: Guide
    section: Section | None = None

    @property
    def title(self) -> str:
        """What the chapter is called in the handbook."""
        return self.section.heading if self.section else self.guide.title

    @property
    def text(self) -> str:
        """Its text, without its title."""
        if self.section:
            return self.section.text
        return self.guide.text.partition("\n")[2]

    @property
    def anchor(self) -> str:
        """Where it begins in the handbook."""
        return anchor_of(f"{self.guide.name}{self.section.anchor if self.section else ''}")


@dataclass(frozen=True, slots=True)
class Handbook:
    """All that the people of some posts need, in the order in which they need it."""

    key: str
    title: str
    opening: str
    roles: frozenset[str]
    chapters: tuple[Chapter, ...]

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it without signing in."""
        return self.key == PUBLIC


@dataclass(frozen=True, slots=True)
class Library:
    """Every guide by name, and the handbooks made of them."""

    guides: dict[str, Guide]
    handbooks: tuple[Handbook, ...]

    def handbook(self, key: str) -> Handbook | None:
        """The handbook of this key; none where there is none."""
        return next((book for book in self.handbooks if book.key == key), None)

    def handbooks_of(self, role: str) -> list[Handbook]:
        """What concerns a post."""
        return [book for book in self.handbooks if role in book.roles]


def library() -> Library:
    """The guides as they lie on the disk now."""
    return _read(_stamp())


def _stamp() -> tuple[tuple[str, int], ...]:
    files = [*GUIDES_DIR.glob("*.md"), GUIDES_DIR / CONTENTS]
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _read(stamp: tuple[tuple[str, int], ...]) -> Library:
    names = [name.removesuffix(".md") for name, _ in stamp if name.endswith(".md")]
    guides = {name: _guide(name) for name in names}
    contents = tomllib.loads((GUIDES_DIR / CONTENTS).read_text(encoding="utf-8"))
    books = tuple(
        Handbook(
            key=row["key"],
            title=row["title"],
            opening=row["opening"],
            roles=frozenset(row.get("roles", ())),
            chapters=tuple(
                chapter for name in row["chapters"] if (chapter := _chapter(name, guides))
            ),
        )
        for row in contents["handbooks"]
    )
    return Library(guides, books)


def _guide(name: str) -> Guide:
    text = (GUIDES_DIR / f"{name}.md").read_text(encoding="utf-8")
    headings = headings_of(text)
    title = next((heading.text for heading in headings if heading.level == 1), name)
    return Guide(name, title, text, tuple(row for row in headings if row.level > 1))


def _chapter(name: str, guides: dict[str, Guide]) -> Chapter | None:
    """Read `guide` or `guide#anchor`; none where there is none: every page asks for help, and none may fail by it."""
    stem, _, anchor = name.partition("#")
    guide = guides.get(stem)
    if guide is None or not anchor:
        return Chapter(guide) if guide else None
    found = next((section for section in guide.sections if section.anchor == anchor), None)
    return Chapter(guide, found) if found else None


def _cut(text: str) -> tuple[Section, ...]:
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        if line.startswith("## "):
            parts.append((line[3:].strip(), []))
            continue
        parts[-1][1].append(line)
    return tuple(Section(heading, anchor_of(heading), "\n".join(lines)) for heading, lines in parts)
