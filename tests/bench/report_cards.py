"""Report cards of a published list: the plain WeasyPrint loop against the portal's batch, in one run.

Plain loop: one process; each card is read from the database, set from the same template by
`HTML(string=…).write_pdf()` with a new font configuration and the style sheet parsed anew, garbage collection
on, fonts as a distribution installs them (whole Noto CJK collections where fontconfig knows them; otherwise
the project's subset fonts, which flatters the loop). It keeps nothing.

The portal: two processes doing what a Celery worker does with the job's message (`jobs.runner.work`), each
with its rendering process, warmed by one card before the clock starts. Claiming, digests, papers, files on
disk and the audit record are in the time. Then the same batch again with the rows of five counties changed
behind the portal's back (in this throw-away database: a published list cannot change), and once more with
nothing changed.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
WORKERS = 2
CHANGED = 5
# Shorter batches end without the zip of all cards.
SHORT_JOB = "bench.report_cards"
FULL_FONTS = {
    '"County Hei"': '"Noto Sans CJK SC"',
    '"County BiaoSong"': '"Noto Serif CJK SC"',
    '"County FangSong"': '"Noto Serif CJK SC"',
    '"County Kai"': '"Noto Serif CJK SC"',
    '"County Song"': '"Noto Serif CJK SC"',
    "County Hei": "Noto Sans CJK SC",
}


@dataclass(frozen=True)
class Spent:
    """What a process took: seconds on the clock and of CPU, MiB at most and at the end."""

    seconds: float
    cpu: float
    child_cpu: float = 0.0
    peak: int = 0
    child_peak: int = 0
    proportional: int = 0  # parent and child, shared pages counted by share (PSS)


def bench(cards: int = 24) -> dict[str, str]:
    """Measure both ways over `cards` counties; figures in words, to print as they are."""
    from reports.models import CardFile
    from scoring.selectors.lists import list_published

    published = list_published().order_by("-collection__data_year", "-version").first()
    if published is None:
        raise SystemExit("the demonstration holds no published list")
    codes = list(published.rows.order_by("code").values_list("code", flat=True))[:cards]
    full_fonts = has_full_fonts()
    plain = _in_own_process("plain", str(published.pk), str(len(codes)), str(int(full_fonts)))
    first, workers, made = batch(published, codes)
    change_rows(published, codes[:CHANGED])
    again, _, made_again = batch(published, codes)
    idle, _, made_idle = batch(published, codes)
    files = CardFile.objects.filter(published_list=published, region__code__in=codes)
    sizes = [card.file.size / 1024 for card in files.select_related("file")]
    count = len(codes)
    # A database that already has cards of this list gives a smaller first batch.
    cpu, child_cpu = (
        sum(getattr(each, name) for each in workers) / max(made, 1) for name in ("cpu", "child_cpu")
    )
    return {
        "cards": f"{count}, {files[0].pages} pages each",
        "fonts of the plain loop": "Noto CJK, whole" if full_fonts else "the project's, subset",
        "plain loop, 1 process": f"{plain.seconds:.2f} s, {plain.cpu / count:.2f} s of CPU a card, {plain.peak} MiB",
        "portal, 2 workers": f"{first:.2f} s for {made} cards; CPU a card {cpu:.2f} s "
        f"in the worker, {child_cpu:.2f} s in its rendering process",
        "ratio": f"{first / made / plain.seconds * count:.2f} (goal ≤ 0.30; needs two idle cores)",
        "ratio of CPU, halved": f"{(cpu + child_cpu) / plain.cpu * count / WORKERS:.2f} (what two idle cores come to)",
        "memory of a worker": f"{max(each.peak for each in workers)} MiB at most and its rendering process "
        f"{max(each.child_peak for each in workers)} MiB; both together "
        f"{max(each.proportional for each in workers)} MiB by share (goal < 200)",
        "file": f"{sorted(sizes)[len(sizes) // 2]:.0f} KB in the middle, {max(sizes):.0f} KB at most (goal ≤ 150)",
        f"again, {CHANGED} counties changed": f"{again:.2f} s for {made_again} cards, "
        f"{again / first:.1%} of the first (goal ≤ 5 % at 167)",
        "again, nothing changed": f"{idle:.2f} s for {made_idle} cards, {idle / first:.1%}",
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


def batch(published: Any, codes: list[str]) -> tuple[float, list[Spent], int]:
    """Order the cards and have two workers make them: seconds, what each took, cards rendered."""
    from county_portal.accounts.models import User
    from county_portal.accounts.roles import Role
    from county_portal.jobs.actions import Order, start_job

    _register_short_job()
    kind = "reports.cards" if len(codes) == published.rows.count() else SHORT_JOB
    manager = User.objects.filter(role=Role.PROVINCE_MANAGER, is_active=True)[0]
    workers = [_begin("work") for _ in range(WORKERS)]
    for worker in workers:
        _hear(worker)  # warm
    order = Order(kind, "bench", f"bench:{published.pk}", codes, {"list": published.pk})
    job, _ = start_job(actor=manager, order=order)
    begun = time.perf_counter()
    for worker in workers:
        _tell(worker, str(job.pk))
    spent = [Spent(**json.loads(_hear(worker))) for worker in workers]
    seconds = time.perf_counter() - begun
    for worker in workers:
        worker.communicate()
    job.refresh_from_db()
    if job.state != "done":
        raise SystemExit(f"the batch ended {job.state}: {job.error}")
    made = sum(1 for unit in job.units.all() if unit.result["rendered"])
    return seconds, spent, made


def change_rows(published: Any, codes: list[str]) -> None:
    """Other names for some counties: content that is not what was rendered."""
    from django.db import connection

    table = published.rows.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE {table} SET name = name || '二' WHERE published_list_id = %s AND code = ANY(%s)",
            [published.pk, codes],
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def plain_loop(list_id: int, cards: int, *, full_fonts: bool) -> Spent:
    """What one writes first: everything made anew for every card."""
    from django.conf import settings

    from county_portal.documents.fonts import use_project_fonts

    if not full_fonts:
        use_project_fonts(Path(settings.VAR_DIR))
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from reports.card import STYLES, report_card_html
    from reports.selectors.cards import build_card
    from scoring.selectors.lists import list_published

    styles = [PROJECT_FOLDER / "templates" / name for name in STYLES]
    published = list_published().get(pk=list_id)
    rows = published.rows.select_related("region").order_by("code")[:cards]
    begun, used = time.perf_counter(), time.process_time()
    for row in rows:
        fonts = FontConfiguration()
        sheets = [
            CSS(
                string=_with_fonts(path.read_text("utf-8"), full_fonts=full_fonts),
                font_config=fonts,
            )
            for path in styles
        ]
        html = report_card_html(build_card(published, row.region))
        HTML(string=_with_fonts(html, full_fonts=full_fonts)).write_pdf(
            stylesheets=sheets, font_config=fonts
        )
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return Spent(seconds, cpu, peak=_status("self", "VmHWM"))


def work() -> Spent:
    """One worker: warm up, wait for the number of a job, work on it until nothing is left."""
    from county_portal.documents import pdf
    from county_portal.jobs import runner
    from reports.card import render_report_card
    from tests.documents.card_samples import report_card

    _register_short_job()
    render_report_card(report_card())
    child = pdf._typesetter().pid or 0
    _say("warm")
    job_id = int(sys.stdin.readline())
    begun, used, child_used = time.perf_counter(), time.process_time(), _cpu(child)
    runner.work(job_id)
    return Spent(
        time.perf_counter() - begun,
        time.process_time() - used,
        _cpu(child) - child_used,
        _status("self", "VmHWM"),
        _status(child, "VmHWM"),
        _proportional("self") + _proportional(child),
    )


def _register_short_job() -> None:
    from county_portal.accounts.roles import Permission
    from county_portal.jobs import registry
    from reports.tasks.cards import _make_card

    if SHORT_JOB not in registry._KINDS:
        registry.register(
            registry.JobKind(
                SHORT_JOB, Permission.REPORT_CARDS, _make_card, lambda job: registry.Outcome()
            )
        )


def _in_own_process(*arguments: str) -> Spent:
    process = _begin(*arguments)
    answer, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
    return Spent(**json.loads(answer.splitlines()[-1]))


def _begin(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.report_cards", *arguments],
        cwd=PROJECT_FOLDER,
        env=_system_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _tell(worker: "subprocess.Popen[str]", line: str) -> None:
    assert worker.stdin
    worker.stdin.write(f"{line}\n")
    worker.stdin.flush()


def _hear(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout
    return worker.stdout.readline()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int | str, name: str) -> int:
    return _mib(Path(f"/proc/{pid}/status"), name)


def _proportional(pid: int | str) -> int:
    return _mib(Path(f"/proc/{pid}/smaps_rollup"), "Pss")


def _mib(path: Path, name: str) -> int:
    line = next(line for line in path.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) // 1024


def _with_fonts(source: str, *, full_fonts: bool) -> str:
    if full_fonts:
        for ours, theirs in FULL_FONTS.items():
            source = source.replace(ours, theirs)
    return source


def _system_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """`plain LIST CARDS FULL_FONTS` or `work`; the last line printed is what it took."""
    django.setup()
    if arguments[0] == "plain":
        list_id, cards, full_fonts = map(int, arguments[1:])
        spent = plain_loop(list_id, cards, full_fonts=bool(full_fonts))
    else:
        spent = work()
    _say(json.dumps(asdict(spent)))


if __name__ == "__main__":
    main(sys.argv[1:])
