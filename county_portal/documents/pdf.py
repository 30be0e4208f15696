"""HTML to PDF: the only door to WeasyPrint, which may be missing without anything else failing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

from county_portal.common.errors import Refused
from county_portal.documents.fonts import FONT_FOLDER, use_project_fonts

STYLE_FOLDER = Path(__file__).resolve().parents[2] / "templates"

# Far above any document of the portal (the longest, 2 850 rows, has 0.6 million); a stop, not a quota.
MAX_HTML_CHARACTERS = 4_000_000


class PdfUnavailable(Refused):
    """This machine lacks what PDF needs; everything else goes on."""

    def __init__(self) -> None:
        super().__init__(
            "pdf_unavailable",
            "本服务器缺少生成PDF所需的系统组件（Pango），暂时不能生成PDF，其他功能不受影响。"
            "请系统管理员执行“apt-get install libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig”"
            "并重新启动服务后再试。",
            HTTPStatus.SERVICE_UNAVAILABLE,
        )


class PdfTooLarge(Refused):
    """More text than a document of the portal can have."""

    def __init__(self) -> None:
        super().__init__(
            "pdf_too_large",
            "文档内容过长，无法生成PDF，请缩小范围后分批生成，或改用Excel导出。",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )


class PdfFailed(Refused):
    """WeasyPrint gave up; what it said is in the cause."""

    def __init__(self) -> None:
        super().__init__(
            "pdf_failed",
            "PDF生成失败：文档中有无法排版的内容。请核对所填文字后重试，仍不成功请联系系统管理员。",
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished PDF."""

    content: bytes
    page_count: int
    # Element id → page from 1, and its upper left corner in mm from the page's.
    places: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The sha256 of the bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def render_pdf(
    html: str,
    *,
    title: str,
    styles: tuple[str, ...],
    created_on: date | None = None,
    author: str = "",
    subject: str = "",
) -> RenderedPdf:
    """The same arguments give the same bytes. `styles` are files of the templates folder.

    Raises PdfUnavailable where pango is missing, PdfTooLarge for absurdly long text, PdfFailed for the rest.
    """
    if len(html) > MAX_HTML_CHARACTERS:
        raise PdfTooLarge
    if not pdf_available():
        raise PdfUnavailable
    from county_portal.documents import renderer  # noqa: PLC0415 -- loads pango

    about = renderer.Information(title, author, subject, created_on)
    try:
        content, page_count, places = renderer.write_pdf(html, about, styles)
    except Exception as error:
        # WeasyPrint lets through whatever its parsers raise; one card's failure must not look like a bug.
        raise PdfFailed from error
    return RenderedPdf(content, page_count, places)


@lru_cache(maxsize=1)
def pdf_available() -> bool:
    """Whether this process can render; asked once, since the answer needs a restart to change."""
    use_project_fonts(Path(settings.VAR_DIR))
    try:
        from county_portal.documents import renderer  # noqa: F401, PLC0415 -- loads pango
    except (ImportError, OSError):
        return False
    return True


@lru_cache(maxsize=32)
def layout_version(templates: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """A digest of everything but the content that decides how a document looks.

    A document whose content digest and layout version are both unchanged need not be rendered again.
    """
    seen = hashlib.sha256(f"weasyprint {version('weasyprint')}".encode())
    paths = [Path(get_template(name).template.origin.name) for name in templates]  # type: ignore[attr-defined]
    paths += [STYLE_FOLDER / name for name in styles]
    for path in [*paths, FONT_FOLDER / "fonts.lock.json", FONT_FOLDER / "fonts.conf"]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()
