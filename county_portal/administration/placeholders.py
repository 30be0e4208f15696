"""What a text may be filled in with: read from the shipped text and the words at its head. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template import TemplateSyntaxError
from django.template.base import Lexer, TokenType

from county_portal.common.errors import Invalid
from county_portal.common.province import words
from county_portal.documents.blocks import Block, Table, TableColumn
from county_portal.documents.wording import fill_text, numbering_problems, read_blocks

_HEAD = re.compile(r"\A\{% comment %\}\n(.*?)\{% endcomment %\}\n?", re.DOTALL)
_PATH = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_IF = re.compile(r"(?:el)?if (?:not )?([a-z][a-z0-9_.]*)")
_FOR = re.compile(r"for ([a-z][a-z0-9_]*) in ([a-z][a-z0-9_]*)")
_BARE = {"else", "empty", "endif", "endfor"}
_WORD = re.compile(r"(?<![A-Za-z_])[a-z][a-z0-9_]*")
_TABLE = re.compile(r"^\s*【表[：:]\s*([^】]+?)\s*】\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A text as it is shipped: the words at its head, and what follows them."""

    head: str
    body: str

    @classmethod
    def of(cls, text: str) -> "Shipped":
        """Parted from its head."""
        found = _HEAD.match(text)
        return cls(found[1].strip(), text[found.end() :]) if found else cls("", text)

    @property
    def title(self) -> str:
        """What the text is, from the beginning of its head."""
        return re.split("[：。]", self.head, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Used:
    """What a text uses: names it prints, all names, and tables; `county.name` of a loop is `counties.name`."""

    printed: frozenset[str]
    names: frozenset[str]
    tables: frozenset[str]


def used_by(text: str) -> Used:
    """Read a text. Raises Invalid `text_syntax` for anything but names, conditions and loops."""
    printed, names = set(), set()
    loops: dict[str, str] = {}
    for token in Lexer(text).tokenize():
        said = token.contents.strip()
        if token.token_type == TokenType.TEXT:
            continue
        if token.token_type == TokenType.VAR and _PATH.fullmatch(said):
            printed.add(_full(said, loops))
        elif token.token_type == TokenType.BLOCK and (found := _IF.fullmatch(said)):
            names.add(_full(found[1], loops))
        elif token.token_type == TokenType.BLOCK and (found := _FOR.fullmatch(said)):
            loops[found[1]] = found[2]
            names.add(found[2])
        elif not (token.token_type == TokenType.BLOCK and said in _BARE):
            raise Invalid(
                "text_syntax",
                f"“{said[:30]}”的写法不能识别。双花括号中只写名称，"
                "条件和循环请照随平台提供的文本书写。",
                "text",
            )
    return Used(frozenset(printed), frozenset(names | printed), frozenset(_TABLE.findall(text)))


def _full(path: str, loops: Mapping[str, str]) -> str:
    first, dot, rest = path.partition(".")
    return loops.get(first, first) + dot + rest


def require_known(text: str, shipped: Shipped) -> None:
    """Raise Invalid `text_unknown`, `text_missing` or `text_syntax`, naming what is meant.

    Every name and table the shipped text prints must go on being printed: a document that drops the counties or
    the conclusion says something else. What the province calls its levels may come and go.
    """
    theirs, ours = used_by(text), used_by(shipped.body)
    free = set(words().as_fields())
    known = (
        free
        | set(_WORD.findall(shipped.head))
        | {part for name in ours.names for part in name.split(".")}
    )
    unknown = [name for name in theirs.names if not set(name.split(".")) <= known]
    unknown += theirs.tables - ours.tables
    if unknown:
        raise Invalid(
            "text_unknown",
            f"系统不提供：{'、'.join(sorted(unknown))}。请改为本页列出的名称，或删去。",
            "text",
        )
    missing = {*(ours.printed - free - theirs.printed), *(ours.tables - theirs.tables)}
    if missing:
        raise Invalid(
            "text_missing",
            f"缺少：{'、'.join(sorted(missing))}。这些内容公文中必须写明，请补上后保存。",
            "text",
        )
    try:
        fill_text(text, {})
    except TemplateSyntaxError as error:
        raise Invalid(
            "text_syntax", "条件或循环没有成对书写，请对照随平台提供的文本改正。", "text"
        ) from error


@dataclass(frozen=True, slots=True)
class Preview:
    """A text filled in with what its names mean, and what is wrong with its numbering."""

    blocks: tuple[Block, ...]
    problems: list[str]


def preview_of(text: str, shipped: Shipped) -> Preview:
    """How it reads, the names' meanings in the place of values. Raises Invalid as `require_known`."""
    require_known(text, shipped)
    filled = fill_text(text, _sample(text, shipped))
    column = TableColumn("（由系统生成）", 20)
    tables = {name: Table((column,), (("……",),), name) for name in _TABLE.findall(filled)}
    # Lines of loops number themselves from the data: what the writer numbered is what is left without them.
    return Preview(read_blocks(filled, tables), numbering_problems(fill_text(text, {})))


def _sample(text: str, shipped: Shipped) -> dict[str, object]:
    used = used_by(text)
    sample: dict[str, object] = {}
    rows: dict[str, dict[str, object]] = {}
    for name in sorted(used.names - set(words().as_fields())):
        first, dot, rest = name.partition(".")
        if dot:
            rows.setdefault(first, {})[rest] = _meaning(rest, shipped.head)
        else:
            sample[name] = _meaning(name, shipped.head) if name in used.printed else True
    return sample | {name: [row] for name, row in rows.items()}


def _meaning(name: str, head: str) -> str:
    if name in {"place", "number"}:
        return "1"
    found = re.search(rf"(?<![a-z_]){name}(?:（([^）]*)）|([\u4e00-\u9fff]{{2,8}}))", head)
    return f"〔{(found[1] or found[2]) if found else name}〕"
