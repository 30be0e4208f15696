"""Guides from Markdown to safe HTML: headings with anchors, tables that scroll, links within the portal.

Raw HTML in a guide is shown as text, never obeyed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_NOT_IN_ANCHORS = re.compile(r"[^\w]+")
_PICTURE = re.compile(r"(?:\.\./)?images/guides/(?P<name>[\w-]+)\.png")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a guide; `anchor` is what stands behind # in an address."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a guide's links lead: to the guide of a name, to the picture of a name; none where there is nothing."""

    guide: Callable[[str], str]
    picture: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A guide as HTML, with its headings in order."""

    html: SafeString
    headings: tuple[Heading, ...]


def anchor_of(text: str) -> str:
    """The anchor of a heading: its letters and figures (一、提交 → 一提交)."""
    return _NOT_IN_ANCHORS.sub("", text)


def headings_of(text: str) -> tuple[Heading, ...]:
    """The headings of a Markdown text, in order."""
    return tuple(heading for heading, _ in _headings(_parser().parse(text)))


def plain_text(text: str) -> str:
    """The words of a Markdown text, without its marks."""
    words = [_words(token) for token in _parser().parse(text) if token.type == "inline"]
    return " ".join(words)


def render(text: str, addresses: Addresses, *, prefix: str = "", deeper: int = 0) -> Rendered:
    """Render a guide; `prefix` goes before every anchor, and headings stand `deeper` levels further down."""
    parser = _parser()
    tokens = parser.parse(text)
    found = []
    for heading, token in _headings(tokens):
        placed = Heading(heading.level + deeper, heading.text, prefix + heading.anchor)
        token.attrSet("id", placed.anchor)
        found.append(placed)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + deeper, 6)}"
        for child in token.children or ():
            _lead(child, addresses)
    html = parser.renderer.render(tokens, parser.options, {})
    # The renderer escapes every word of the text, and raw HTML is switched off in the parser.
    return Rendered(SafeString(html), tuple(found))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    parser.add_render_rule("image", _image)
    return parser


def _headings(tokens: Sequence[Token]) -> list[tuple[Heading, Token]]:
    """Headings with their opening tokens; a second one of the same words is numbered."""
    found: list[tuple[Heading, Token]] = []
    used: dict[str, int] = {}
    for position, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        text = _words(tokens[position + 1])
        anchor = anchor_of(text)
        used[anchor] = used.get(anchor, 0) + 1
        if used[anchor] > 1:
            anchor = f"{anchor}{used[anchor]}"
        found.append((Heading(int(token.tag[1:]), text, anchor), token))
    return found


def _words(token: Token) -> str:
    return "".join(
        child.content for child in token.children or () if child.type in {"text", "code_inline"}
    )


def _lead(token: Token, addresses: Addresses) -> None:
    """Point a link to the page of the guide it names, a picture to where it is served."""
    if token.type == "link_open":
        target = unquote(str(token.attrGet("href") or ""))
        path, _, anchor = target.partition("#")
        if path.endswith(".md"):
            address = addresses.guide(path.removesuffix(".md"))
            token.attrSet("href", f"{address}#{anchor}" if anchor and address else address or "#")
    if token.type == "image":
        match = _PICTURE.fullmatch(unquote(str(token.attrGet("src") or "")))
        token.attrSet("src", addresses.picture(match["name"]) if match else "")


def _open_table(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return (
        '<div class="table-region" role="region" aria-label="表格" tabindex="0">'
        '<table class="table">'
    )


def _close_table(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return "</table></div>"


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """A picture a reader may open in full; nothing where it has not been taken."""
    source, words = tokens[index].attrGet("src"), escape(tokens[index].content)
    if not source:
        return f'<span class="quiet">（图：{words}）</span>'
    shown = escape(source)
    return (
        f'<a class="guide-picture" href="{shown}">'
        f'<img src="{shown}" alt="{words}" width="1366" height="768" loading="lazy"></a>'
    )
