"""WeasyPrint, kept warm. Import this module only through `pdf`: importing it loads pango."""

import gc
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document
from weasyprint.html import UA
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
STYLE_FOLDER = PROJECT_FOLDER / "templates"
SCHEME = "document-asset:"
_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".ttf": "font/ttf"}

# Pango's font map is shared by all renders of a process and is not made for threads.
_one_at_a_time = threading.Lock()


class ProjectAssetsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no stubs
    """Denies every address but `document-asset:NAME`, a file of static/documents or static/fonts.

    WeasyPrint's own fetcher reads local files and the network, so that a county's name could carry
    a file of this server into a document.
    """

    def __init__(self) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The named asset; anything else raises ValueError, which WeasyPrint notes and passes over."""
        path = project_assets().get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if path is None:
            raise ValueError("address not allowed in documents")
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": _MEDIA_TYPES[path.suffix]}
        )


@lru_cache(maxsize=1)
def project_assets() -> dict[str, Path]:
    """Names a document may ask for: listed once, compared exactly, never joined to a path."""
    folders = (PROJECT_FOLDER / "static" / "documents", PROJECT_FOLDER / "static" / "fonts")
    return {
        path.name: path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix in _MEDIA_TYPES
    }


# The browser's rules for ::footnote-call and the like match every element, and a style is made for each: six
# thousand objects for a page of a thousand elements, a seventh of the time of a report card. No document of
# the portal has footnotes; markers belong to list items.
_FOOTNOTES = re.compile(r"^::(foot)?note-.*$", re.MULTILINE)
_MARKERS = re.compile(r"^::marker", re.MULTILINE)


class _Page(HTML):  # type: ignore[misc]  # WeasyPrint has no stubs
    """A page under the rules of the browser as far as documents need them; the PDF is the same to the byte."""

    @classmethod
    def of_tree(cls, tree: ElementTree.Element) -> "_Page":
        """What WeasyPrint's constructor makes of a parsed page."""
        page = cls.__new__(cls)
        page.base_url, page.url_fetcher, page.media_type = None, _fetcher(), "print"
        page.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        page.etree_element = page.wrapper_element.etree_element
        return page

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: FBT001, FBT002 -- WeasyPrint's signature
        return [_browser_style()]


# Elements without an end tag. In what the templates give, < and > stand nowhere else: text is escaped.
_VOID = re.compile(r"<(br|col|hr|img|link|meta|wbr)(\s[^<>]*?)?/?>")
# In HTML a drawing needs not say what it is.
_DRAWING = re.compile(r"<svg(?![^<>]*\sxmlns=)")
_DRAWING_NAMED = '<svg xmlns="http://www.w3.org/2000/svg"'


def _page(html: str) -> _Page:
    """The page, read by expat where it is well-formed: a tenth of the time of the parser of tag soup.

    Pages that a person has edited need not be; they, and pages with control characters, are read as soup.
    """
    try:
        closed = _DRAWING.sub(_DRAWING_NAMED, _VOID.sub(r"<\1\2/>", html))
        tree = ElementTree.fromstring(closed)  # noqa: S314 -- ours, and expat bounds what entities may grow to
    except ElementTree.ParseError:
        return _Page(string=html, base_url=None, url_fetcher=_fetcher())
    if tree.tag != "html":
        return _Page(string=html, base_url=None, url_fetcher=_fetcher())
    return _Page.of_tree(tree)


@lru_cache(maxsize=1)
def _browser_style() -> CSS:
    rules = _MARKERS.sub("li::marker", _FOOTNOTES.sub("", UA))
    return CSS(string=rules, counter_style=CounterStyle())


@lru_cache(maxsize=1)
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=1)
def _fetcher() -> ProjectAssetsOnly:
    return ProjectAssetsOnly()


@lru_cache(maxsize=16)
def _style(name: str) -> CSS:
    """A style sheet of the templates folder, parsed once per process."""
    return CSS(
        string=(STYLE_FOLDER / name).read_text(encoding="utf-8"),
        font_config=_font_configuration(),
        url_fetcher=_fetcher(),
    )


@contextmanager
def _without_collection() -> Iterator[None]:
    """No cyclic collection while boxes pile up: each pass would walk all of them for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Information:
    """What the PDF says about itself; nothing of it comes from the page or the clock."""

    title: str
    author: str
    subject: str
    created_on: date | None


# An element's id → the number of its page from 1, and its upper left corner in mm.
Places = dict[str, tuple[int, float, float]]
_MM_PER_PX = 25.4 / 96


def write_pdf(html: str, about: Information, styles: tuple[str, ...]) -> tuple[bytes, int, Places]:
    """The PDF's bytes, its number of pages and where elements with an id stand; no clock and no chance in it."""
    printable = html.encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
    with _one_at_a_time, _without_collection():
        source = _page(printable)
        document = source.render(
            font_config=_font_configuration(), stylesheets=[_style(name) for name in styles]
        )
        metadata = document.metadata
        metadata.title, metadata.description = about.title, about.subject
        metadata.authors = [about.author] if about.author else []
        metadata.created = metadata.modified = (
            about.created_on.isoformat() if about.created_on else None
        )
        metadata.attachments = []
        content: bytes = document.write_pdf(pdf_identifier=True, pdf_variant="pdf/a-2u")
        return content, len(document.pages), _places(document)


def _places(document: Document) -> Places:
    return {
        name: (number, left * _MM_PER_PX, top * _MM_PER_PX)
        for number, page in enumerate(document.pages, start=1)
        for name, (left, top, *_) in page.anchors.items()
    }
