"""Plain text with its own numbering (一、（一）1.（1）) to blocks and back; texts people begin with, filled in."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.template import Context, Engine
from django.template.base import Template

from county_portal.common.errors import Invalid
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.documents.blocks import Block, Heading, Paragraph, Table
from county_portal.documents.numbers import chinese_ordinal, read_ordinal

TEXT_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "documents" / "texts"

_ORDINAL = "[一二三四五六七八九十]{1,3}"
_FIRST = re.compile(rf"({_ORDINAL})\s*、\s*")
_SECOND = re.compile(rf"[（(]\s*({_ORDINAL})\s*[）)]\s*、?\s*")
_THIRD = re.compile(r"([0-9０-９]{1,2})\s*[.．、]\s*(?![0-9０-９])")
_FOURTH = re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)]\s*")
_MARKS = (_FIRST, _SECOND, _THIRD, _FOURTH)
_TEXT_LEVEL = _MARKS.index(_THIRD)  # numbers from here on belong to paragraphs
_TABLE = re.compile(r"【表[：:]\s*([^】]+?)\s*】")
_SENTENCE_ENDS = "。；：！？!?;:，,、"
_LONGEST_HEADING = 50  # characters: less than two lines
_NO_CONTENT = "（待填写）"


def read_blocks(text: str, tables: Mapping[str, Table]) -> tuple[Block, ...]:
    """One block a line; blank lines are none. A line 【表：name】 is that table.

    A short line that begins 一、 or （一） and does not end like a sentence is a heading; where text follows its
    first sentence in the same line, that sentence leads the paragraph in the heading's type.
    Raises Invalid `table_unknown` for a table nobody gave.
    """
    return tuple(_block(line, tables) for line in _lines(text))


def text_of(blocks: Sequence[Block]) -> str:
    """The text whose blocks these are; tables are named by their captions, or by their places."""
    number = 0
    lines = []
    for block in blocks:
        if isinstance(block, Table):
            number += 1
            lines.append(f"【表：{block.caption or number}】")
        else:
            lines.append(block.text)
    return "\n".join(lines)


def numbering_problems(text: str) -> list[str]:
    """What is wrong with the numbering, one sentence a place, in words for the person who writes."""
    problems = []
    seen = [0, 0, 0, 0]
    was_numbered = False
    for line in _lines(text):
        mark = _mark_of(line)
        if mark is None:
            was_numbered = False
            continue
        last = seen[mark.level]
        # 1. and （1） may begin anew behind a paragraph of their own; headings may not.
        restarts = mark.number == 1 and mark.is_text and not was_numbered
        if mark.number != last + 1 and not restarts:
            reason = "序号重复" if mark.number == last else "序号不连续"
            wanted = replace(mark, number=last + 1)
            problems.append(f"“{_beginning(line)}”：{reason}，这里应是“{wanted.standard}”。")
        elif mark.is_loose:
            problems.append(f"“{_beginning(line)}”：序号应写作“{mark.standard}”。")
        seen[mark.level :] = [mark.number] + [0] * (len(seen) - mark.level - 1)
        was_numbered = True
    return problems


def renumbered(text: str, *, top: int) -> str:
    """The text with its numbers in order and as the standard writes them.

    The highest heading becomes one of level `top` (2: （一）), lower ones follow it down; blank lines go.
    """
    lines = [(line, _mark_of(line)) for line in _lines(text)]
    highest = min((mark.level for _, mark in lines if mark and not mark.is_text), default=0)
    shift = max(0, top - 1 - highest)
    seen = [0, 0, 0, 0]
    was_numbered = False
    made = []
    for line, mark in lines:
        if mark is None:
            was_numbered = False
            made.append(line)
            continue
        level = mark.level if mark.is_text else min(mark.level + shift, _TEXT_LEVEL)
        restarts = mark.is_text and mark.number == 1 and not was_numbered
        number = 1 if restarts else seen[level] + 1
        made.append(replace(mark, level=level, number=number).standard + line[mark.end :])
        seen[level:] = [number] + [0] * (len(seen) - level - 1)
        was_numbered = True
    return "\n".join(made)


# Who words texts otherwise than they are shipped registers here; None: as shipped.
_rewordings: list[Callable[[str], str | None]] = []


def reword_with(find: Callable[[str], str | None]) -> None:
    """Let `find` say, by the file's name, what stands in the place of a shipped text. Registered once, on start."""
    _rewordings[:] = [find]


def shipped_text(template_name: str) -> str:
    """A text as its file has it, with the words at its head."""
    return (TEXT_FOLDER / template_name).read_text(encoding="utf-8")


def fill_text(text: str, fields: Mapping[str, object]) -> str:
    """Some text, filled in as `fill_template` does."""
    return _filled(_engine().from_string(text), fields)


def fill_template(template_name: str, fields: Mapping[str, object]) -> str:
    """A text of `templates/documents/texts/`, or what stands in its place, filled in.

    A list of strings is for `{% for %}`, a line each.

    Values stay what they are, text inside a line: line ends and blanks become one blank, nothing in them is
    markup, and a value that begins a line cannot number it as a heading (一、 becomes 1.) or name a table.
    A field the template asks for and nobody gave is shown as missing; what the province calls its levels is given.
    """
    reworded = next((text for find in _rewordings if (text := find(template_name))), None)
    if reworded is not None:
        return fill_text(reworded, fields)
    return _filled(_engine().get_template(template_name), fields)


def _filled(template: Template, fields: Mapping[str, object]) -> str:
    given = {**words().as_fields(), **fields}
    context = Context({name: _marked(value) for name, value in given.items()}, autoescape=False)
    lines = template.render(context).split("\n")
    return "\n".join(line for line in map(_settled, lines) if line)


def one_line(value: str) -> str:
    """A value as text inside a line: control characters and marks of direction dropped, blanks joined."""
    spaced = "".join(" " if char.isspace() else char for char in value)
    visible = "".join(
        char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(visible.split())


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class _Mark:
    """The number a line begins with: its level from 0, and where it ends."""

    level: int
    number: int
    end: int
    written: str = ""

    @property
    def standard(self) -> str:
        """As the standard writes it."""
        if self.level == 0:
            return f"{chinese_ordinal(self.number)}、"
        if self.level == 1:
            return f"（{chinese_ordinal(self.number)}）"
        return f"{self.number}." if self.level == _TEXT_LEVEL else f"（{self.number}）"

    @property
    def is_text(self) -> bool:
        """Whether it numbers a paragraph, not a heading."""
        return self.level >= _TEXT_LEVEL

    @property
    def is_loose(self) -> bool:
        """Whether it was written 1、 or （一）、."""
        return self.level > 0 and "、" in self.written


def _mark_of(line: str) -> _Mark | None:
    for level, pattern in enumerate(_MARKS):
        found = pattern.match(line)
        if found:
            words = found[1]
            number = int(words) if words.isdecimal() else read_ordinal(words)
            if number:
                return _Mark(level, number, found.end(), found[0])
    return None


def _block(line: str, tables: Mapping[str, Table]) -> Block:
    named = _TABLE.fullmatch(line)
    if named:
        return _table(named[1], tables)
    mark = _mark_of(line)
    if mark is None:
        return Paragraph(line)
    rest = line[mark.end :]
    line = mark.standard + rest
    if mark.is_text or not rest:
        return Paragraph(line)
    is_short = len(line) <= _LONGEST_HEADING
    if is_short and "。" not in rest and rest[-1] not in _SENTENCE_ENDS:
        return Heading(mark.level + 1, line)
    first, stop, others = line.partition("。")
    return Paragraph(line, first + stop if others and len(first) <= _LONGEST_HEADING else "")


def _table(name: str, tables: Mapping[str, Table]) -> Table:
    if name not in tables:
        known = "、".join(f"“{each}”" for each in tables) or "无"
        raise Invalid(
            "table_unknown",
            f"正文中的“【表：{name}】”没有对应的表格，本文稿可用的表格：{known}。请改正表名或删去这一行。",
            "text",
        )
    return tables[name]


def _beginning(line: str) -> str:
    longest = 12
    return line if len(line) <= longest else f"{line[:longest]}…"


# A value's ends while a text is filled in, so that a line shows which of its characters were typed;
# private characters, which no value keeps.
_OPEN, _CLOSE = "\ue000", "\ue001"


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(dirs=[str(TEXT_FOLDER)], autoescape=False, string_if_invalid=_NO_CONTENT)


def _marked(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case str():
            clean = one_line(value)
            return f"{_OPEN}{clean}{_CLOSE}" if clean else ""
        case date():
            return f"{_OPEN}{chinese_date(value)}{_CLOSE}"
        case float():
            raise TypeError("a document states no binary fractions")
        case Mapping():
            return {name: _marked(each) for name, each in value.items()}
        case Sequence():
            return [_marked(each) for each in value]
        case _:
            return f"{_OPEN}{one_line(str(value))}{_CLOSE}"


def _settled(line: str) -> str:
    """The line without the marks; a number or table at its beginning that a value had a hand in is made text."""
    typed: list[bool] = []
    chars: list[str] = []
    inside = False
    for char in line:
        if char in (_OPEN, _CLOSE):
            inside = char == _OPEN
        else:
            chars.append(char)
            typed.append(inside)
    text = "".join(chars)
    typed = typed[len(text) - len(text.lstrip()) :]
    text = text.strip()
    if _TABLE.fullmatch(text) and any(typed):
        return f"〔{text[1:-1]}〕"
    mark = _mark_of(text)
    if mark is None or mark.is_text or not any(typed[: mark.end]):
        return text
    return replace(mark, level=mark.level + _TEXT_LEVEL).standard + text[mark.end :]
