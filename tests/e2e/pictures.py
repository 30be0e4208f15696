"""The pictures of the guides: where each is taken, what must stand on it, and how it is kept."""

import io
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.e2e.person import Person

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images" / "guides"
LIST = FOLDER / "pictures.toml"
LARGEST = 150 * 1024
_COLOURS = 128
# Nothing moves, nothing blinks, and what differs from day to day (the demonstration's strip) is left out.
_STILL = (
    "*, *::before, *::after { animation: none !important; transition: none !important;"
    " caret-color: transparent !important; } .site-notice { display: none !important; }"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: whose page, how to get there, and the words on it."""

    name: str
    login: str
    page: str
    words: tuple[str, ...]
    follow: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / f"{self.name}.png"


def list_pictures() -> list[Picture]:
    """As `pictures.toml` lists them."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["pictures"]
    return [
        Picture(
            row["name"],
            row["login"],
            row["page"],
            tuple(row["words"]),
            tuple(row.get("follow", ())),
        )
        for row in rows
    ]


def visit(person: Person, picture: Picture) -> None:
    """Go where the picture is taken, and read its words."""
    person.go(picture.page)
    for label in picture.follow:
        person.follow(re.compile(label), within="main")
        person.page.wait_for_load_state()
    person.reads(*picture.words)


def take(person: Person, picture: Picture) -> None:
    """Keep the window as a PNG of few colours."""
    # Through the object model: the portal's policy lets no style element in.
    person.page.evaluate(
        "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        _STILL,
    )
    person.page.evaluate("window.scrollTo(0, 0)")
    raw = person.page.screenshot(animations="disabled", caret="hide")
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    few = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(picture.path, optimize=True)


def are_wanted() -> bool:
    """Whether this is `make screenshots`, and not a test."""
    return bool(os.environ.get("TAKE_PICTURES"))
