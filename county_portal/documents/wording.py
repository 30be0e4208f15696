"""Numbered plain text to blocks."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.template import Context, Engine

from county_portal.documents.blocks import Block, Heading, Paragraph, Table

_TABLE = re.compile(r"【表：(.+?)】")
_FIRST = re.compile(r"[一二三四五六七八九十]+、")
_SECOND = re.compile(r"（[一二三四五六七八九十]+）")


def read_blocks(text: str, tables: Mapping[str, Table]) -> tuple[Block, ...]:
    """One paragraph per line."""
    return tuple(_block(line.strip(), tables) for line in text.splitlines() if line.strip())


def _block(line: str, tables: Mapping[str, Table]) -> Block:
    named = _TABLE.fullmatch(line)
    if named and named[1] in tables:
        return tables[named[1]]
    if not line.endswith("。"):
        if _FIRST.match(line):
            return Heading(1, line)
        if _SECOND.match(line):
            return Heading(2, line)
    return Paragraph(line)


def numbering_problems(text: str) -> list[str]:
    """Gaps in the numbering, in words."""
    return []


def text_of(blocks: tuple[Block, ...]) -> str:
    """The text of blocks."""
    return "\n".join(block.text for block in blocks if not isinstance(block, Table))


def fill_template(template_name: str, fields: Mapping[str, str]) -> str:
    """A starting text with its fields."""
    engine = Engine(
        dirs=[str(settings.BASE_DIR / "templates" / "documents" / "texts")], autoescape=False
    )
    return engine.get_template(template_name).render(Context(dict(fields))).strip()
