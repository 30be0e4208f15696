"""The fonts of documents: shipped with the project, and the only ones a document can see."""

import os
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

FONT_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"

_WRAPPER = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <include>{folder}/fonts.conf</include>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def use_project_fonts(var_dir: Path) -> Path:
    """Point fontconfig of this process at the project's fonts; answer the file it will read.

    Must come before pango is loaded: fontconfig reads FONTCONFIG_FILE once. The wrapper is written
    because the folders are known only on the machine, and the cache must be writable for whoever
    runs the portal.
    """
    folder = _writable(var_dir / "fontconfig")
    wrapper = folder / "fonts.conf"
    text = _WRAPPER.format(folder=escape(str(FONT_FOLDER)), cache=escape(str(folder / "cache")))
    if not wrapper.is_file() or wrapper.read_text(encoding="utf-8") != text:
        _replace(wrapper, text)
    os.environ["FONTCONFIG_FILE"] = str(wrapper)
    return wrapper


def _writable(folder: Path) -> Path:
    """The folder, or a private temporary one where VAR_DIR cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="county-portal-fonts-"))


def _replace(path: Path, text: str) -> None:
    """Write beside and rename: another process may be reading the file at this moment."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False
    ) as unfinished:
        unfinished.write(text)
    Path(unfinished.name).chmod(0o644)
    Path(unfinished.name).replace(path)
