"""HTML to PDF: the only door to WeasyPrint, which may be missing without anything else failing."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

from county_portal.common.errors import Refused
from county_portal.documents import typesetter
from county_portal.documents.fonts import FONT_FOLDER, use_project_fonts

STYLE_FOLDER = Path(__file__).resolve().parents[2] / "templates"

# Those without which WeasyPrint does not start.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libpangoft2-1.0.so.0",
)

# 3 000 rows of eight columns; 14 000 cells were measured to take 250 MiB, 30 000 more than a document may have
# (ADR 0014). What is longer is refused unseen.
MAX_HTML_CHARACTERS = 1_500_000
MAX_TABLE_CELLS = 24_000


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
    """More than a document may have; `excess` says of what."""

    def __init__(self, excess: str) -> None:
        super().__init__(
            "pdf_too_large",
            f"文档内容过长，无法生成PDF：{excess}。请缩小范围后分批生成，或改用Excel导出。",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )


class PdfBusy(Refused):
    """Another document of this process takes as long as one may."""

    def __init__(self) -> None:
        super().__init__(
            "pdf_busy",
            "服务器正在生成其他文档，暂时排不上，请过一分钟再试。",
            HTTPStatus.SERVICE_UNAVAILABLE,
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

    Raises PdfUnavailable where pango is missing, PdfTooLarge for what takes too much text, time or memory,
    PdfBusy where others' documents take long, PdfFailed for the rest.
    """
    _require_bounded(html)
    if not pdf_available():
        raise PdfUnavailable
    about = {
        "title": title,
        "author": author,
        "subject": subject,
        "created_on": created_on.isoformat() if created_on else None,
    }
    try:
        answer = _typesetter().set({"about": about, "styles": styles}, html)
    except typesetter.Unavailable as error:
        raise PdfUnavailable from error
    except typesetter.Busy as error:
        raise PdfBusy from error
    except typesetter.TooMuch as error:
        excess = f"排版超过{settings.PDF_SECONDS}秒或占用内存过多，已中止"
        raise PdfTooLarge(excess) from error
    except typesetter.Failed as error:
        # One document's failure must not look like a bug of the batch; what WeasyPrint said is in the cause.
        raise PdfFailed from error
    places = {
        name: (page, left, top) for name, (page, left, top) in answer.header["places"].items()
    }
    return RenderedPdf(answer.body, answer.header["pages"], places)


def _require_bounded(html: str) -> None:
    cells = html.count("<td")
    if len(html) > MAX_HTML_CHARACTERS:
        raise PdfTooLarge(f"含标记共{len(html)}个字符，上限为{MAX_HTML_CHARACTERS}个")
    if cells > MAX_TABLE_CELLS:
        raise PdfTooLarge(f"表格共{cells}格，上限为{MAX_TABLE_CELLS}格")


@lru_cache(maxsize=1)
def _typesetter() -> typesetter.Typesetter:
    """This process's; its child starts with the first document."""
    limits = typesetter.Limits(
        settings.PDF_SECONDS,
        settings.PDF_MEMORY_MIB,
        settings.PDF_DOCUMENTS_PER_PROCESS,
        settings.PDF_MEMORY_KEPT_MIB,
        settings.PDF_IDLE_SECONDS,
    )
    environment = typesetter.bare_environment(use_project_fonts(Path(settings.VAR_DIR)))
    return typesetter.make_typesetter(limits, environment)


@lru_cache(maxsize=1)
def pdf_available() -> bool:
    """Whether this machine can render; asked once, since the answer needs a restart to change.

    A bare interpreter tries the libraries: a web process that only wants to know must not load them.
    """
    if find_spec("weasyprint") is None:
        return False
    program = "import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]"
    tried = subprocess.run(  # noqa: S603 -- our own arguments
        [sys.executable, "-I", "-S", "-c", program, *LIBRARIES], capture_output=True, check=False
    )
    return tried.returncode == 0


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
