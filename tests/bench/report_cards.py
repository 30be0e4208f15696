"""Report cards: the plain WeasyPrint loop on the same templates against the portal's renderer.

Plain loop: one process, `HTML(string=…).write_pdf()` for each card with a new font configuration, the
style sheet parsed anew, garbage collection on, and the fonts as a distribution installs them (whole Noto
Sans/Serif CJK collections, where fontconfig knows them; otherwise the project's subset fonts, which
flatters the loop). The portal: two processes, warmed by one card each before the clock starts.
Both make the same cards from the same HTML in one run; rerun is the same publication again with
nothing changed: only the digests are computed.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import django

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
PROCESSES = 2
CHUNK = 4
FULL_FONTS = {
    '"County Hei"': '"Noto Sans CJK SC"',
    '"County BiaoSong"': '"Noto Serif CJK SC"',
    '"County Song"': '"Noto Serif CJK SC"',
}


@dataclass(frozen=True)
class Spent:
    """Wall clock and CPU seconds of a way, and its largest file."""

    seconds: float
    cpu: float
    largest: int


def bench(cards: int = 24) -> dict[str, str]:
    """Measure both ways over `cards` report cards; figures in words, to print as they are."""
    full_fonts = has_full_fonts()
    plain = plain_in_own_process(cards, full_fonts=full_fonts)
    tuned = tuned_in_two_processes(cards)
    again_seconds = unchanged_rerun(cards)
    return {
        "cards": str(cards),
        "fonts of the plain loop": "Noto CJK, whole" if full_fonts else "the project's, subset",
        "plain loop, 1 process": f"{plain.seconds:.2f} s, {plain.cpu / cards:.2f} s of CPU a card",
        "portal, 2 warm processes": f"{tuned.seconds:.2f} s, {tuned.cpu / cards:.2f} s of CPU a card",
        "ratio": f"{tuned.seconds / plain.seconds:.2f} (goal ≤ 0.60; needs two idle cores)",
        "file, plain loop": f"{plain.largest / 1024:.0f} KB at most",
        "file, portal": f"{tuned.largest / 1024:.0f} KB at most (goal ≤ 150 KB)",
        "rerun, nothing changed": f"{again_seconds:.3f} s",
    }


def has_full_fonts() -> bool:
    """Whether fontconfig, as the system sets it up, knows the whole Noto CJK fonts."""
    try:
        listed = subprocess.run(
            ["fc-list", "Noto Sans CJK SC", "file"],
            capture_output=True,
            text=True,
            check=False,
            env=_system_environment(),
        )
    except FileNotFoundError:
        return False
    return bool(listed.stdout.strip())


def plain_in_own_process(cards: int, *, full_fonts: bool) -> Spent:
    """The loop in an interpreter that has never seen the project's fonts."""
    command = [sys.executable, "-m", "tests.bench.report_cards", str(cards), str(int(full_fonts))]
    environment = _system_environment() if full_fonts else dict(os.environ)
    done = subprocess.run(
        command, cwd=PROJECT_FOLDER, env=environment, check=True, capture_output=True, text=True
    )
    seconds, cpu, largest = done.stdout.split()[-3:]
    return Spent(float(seconds), float(cpu), int(largest))


def plain_loop(cards: int, *, full_fonts: bool) -> Spent:
    """What one writes first: everything made anew for every card."""
    _set_up()
    from django.conf import settings

    from county_portal.documents.fonts import use_project_fonts

    if not full_fonts:
        use_project_fonts(Path(settings.VAR_DIR))
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from reports.card import STYLES, report_card_html
    from tests.documents.card_samples import many_cards

    styles = [PROJECT_FOLDER / "templates" / name for name in STYLES]
    sources = many_cards(cards)
    largest = 0
    begun, used = time.perf_counter(), time.process_time()
    for card in sources:
        fonts = FontConfiguration()
        sheets = [
            CSS(
                string=_with_fonts(path.read_text("utf-8"), full_fonts=full_fonts),
                font_config=fonts,
            )
            for path in styles
        ]
        html = _with_fonts(report_card_html(card), full_fonts=full_fonts)
        content = HTML(string=html).write_pdf(stylesheets=sheets, font_config=fonts)
        largest = max(largest, len(content))
    return Spent(time.perf_counter() - begun, time.process_time() - used, largest)


def tuned_in_two_processes(cards: int) -> Spent:
    """The same cards by the portal's renderer."""
    context = get_context("spawn")
    chunks = [range(first, min(first + CHUNK, cards)) for first in range(0, cards, CHUNK)]
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_warm_up) as pool:
        list(pool.map(_wait_until_warm, range(PROCESSES)))
        begun = time.perf_counter()
        made = list(pool.map(_render_some, chunks))
        seconds = time.perf_counter() - begun
    return Spent(seconds, sum(cpu for cpu, _ in made), max(largest for _, largest in made))


def unchanged_rerun(cards: int) -> float:
    """Seconds to find that nothing needs rendering."""
    _set_up()
    from reports.card import card_digest
    from tests.documents.card_samples import many_cards

    known = {card.county.code: card_digest(card) for card in many_cards(cards)}
    again = many_cards(cards)
    begun = time.perf_counter()
    stale = [card for card in again if known[card.county.code] != card_digest(card)]
    seconds = time.perf_counter() - begun
    assert not stale
    return seconds


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "county_portal.settings.test")
    django.setup()


def _warm_up() -> None:
    _set_up()
    _render_some(range(1))


def _wait_until_warm(number: int) -> int:
    time.sleep(1)  # long enough that each process takes one
    return number


def _render_some(numbers: range) -> tuple[float, int]:
    """CPU seconds and the largest file."""
    from reports.card import render_report_card
    from tests.documents.card_samples import many_cards

    wanted = many_cards(numbers.stop)[numbers.start :]
    used = time.process_time()
    largest = max(len(render_report_card(card).content) for card in wanted)
    return time.process_time() - used, largest


def _with_fonts(source: str, *, full_fonts: bool) -> str:
    if full_fonts:
        for ours, theirs in FULL_FONTS.items():
            source = source.replace(ours, theirs)
        source = source.replace("County Hei", "Noto Sans CJK SC")
    return source


def _system_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


if __name__ == "__main__":
    spent = plain_loop(int(sys.argv[1]), full_fonts=sys.argv[2] == "1")
    sys.stdout.write(f"{spent.seconds} {spent.cpu} {spent.largest}\n")
