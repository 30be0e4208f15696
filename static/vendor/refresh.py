"""Verify the vendored front-end files against their lock, or fetch them anew.

    python static/vendor/refresh.py            verify: every file and no other, by SHA-512
    python static/vendor/refresh.py --update   download with `npm pack`, rewrite files and lock

npm is needed for `--update` only; nothing is built.
To move to a new version or to add an icon, edit PACKAGES or ICONS and run `--update`.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VENDOR_DIR = Path(__file__).resolve().parent
LOCK_FILE = VENDOR_DIR / "vendor.lock.json"
SPRITE = "icons.svg"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package and the files taken from it; the licence always comes along."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        return f"{self.name.removesuffix('.org')}-{self.version}"


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        "MIT",
        ("dist/css/bootstrap.min.css", "dist/js/bootstrap.bundle.min.js"),
    ),
    Package("bootstrap-icons", "1.13.2", "MIT"),
    Package("htmx.org", "2.0.11", "0BSD", ("dist/htmx.min.js",)),
    Package("echarts", "6.1.0", "Apache-2.0", ("dist/echarts.min.js", "NOTICE")),
)

# Taken into one sprite of about 40 KB; the whole set would be 1.1 MB.
ICONS = """
arrow-clockwise arrow-counterclockwise arrow-down arrow-down-right arrow-left arrow-left-right
arrow-repeat arrow-return-left arrow-right arrow-up arrow-up-right award bar-chart-line bell book
box-arrow-right box-arrow-up-right braces broadcast building bullseye calculator calendar-check
calendar-event camera chat-left-text check-circle check-circle-fill check-lg chevron-down
chevron-left chevron-right chevron-up circle circle-fill clipboard-check clipboard-data clock
clock-history code-slash copy dash-circle dash-lg database-check diagram-3 door-open download
envelope exclamation-circle-fill exclamation-diamond-fill exclamation-octagon-fill
exclamation-triangle exclamation-triangle-fill eye eye-slash file-earmark-arrow-up
file-earmark-pdf file-earmark-spreadsheet file-earmark-text files flag flag-fill folder2-open
funnel gear geo-alt globe graph-up grid-3x3-gap-fill hourglass hourglass-split house image inbox
info-circle info-circle-fill journal-text kanban key lightbulb link-45deg list-check list-ul
lock-fill map megaphone paperclip patch-check patch-check-fill pause-circle pencil-square people
person-badge person-circle person-fill person-plus pin-map-fill play-circle plus-circle plus-lg
printer qr-code question-circle record-circle reply rss save search send send-check shield-check
shield-lock shuffle signpost-split slash-circle sliders speedometer2 star star-fill stop-circle
table telephone thermometer-half three-dots trash trophy unlock upload x-circle x-circle-fill x-lg
""".split()  # noqa: SIM905 -- a hundred quoted names read worse

# The maps are not shipped, and a manifest storage refuses a reference to a file that is not there.
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="fetch with npm and rewrite the lock")
    if parser.parse_args().update:
        update()
    faults = verify()
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write("vendored files differ from the lock\n" if faults else "vendored files: ok\n")
    return 1 if faults else 0


def verify() -> list[str]:
    """Return one sentence per missing, altered or undeclared file."""
    locked: dict[str, str] = {}
    for package in json.loads(LOCK_FILE.read_text(encoding="utf-8"))["packages"]:
        locked |= {f"{package['folder']}/{name}": sha for name, sha in package["files"].items()}
    present = {
        path.relative_to(VENDOR_DIR).as_posix()
        for path in VENDOR_DIR.glob("*/**/*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    faults = [f"missing: {name}" for name in sorted(locked.keys() - present)]
    faults += [f"not in the lock: {name}" for name in sorted(present - locked.keys())]
    faults += [
        f"altered: {name}"
        for name in sorted(present & locked.keys())
        if sha512((VENDOR_DIR / name).read_bytes()) != locked[name]
    ]
    return faults


def update() -> None:
    """Fetch every package and replace its folder; older versions are removed."""
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            for old in VENDOR_DIR.glob(f"{package.folder.rpartition('-')[0]}-[0-9]*"):
                shutil.rmtree(old)
            entries.append(fetch(package, Path(scratch)))
    lock = {"packages": entries, "icons": ICONS}
    LOCK_FILE.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def fetch(package: Package, scratch: Path) -> dict[str, Any]:
    """Take what is declared of one package and return its entry in the lock."""
    packed = subprocess.run(  # noqa: S603 -- fixed arguments, names from PACKAGES
        [shutil.which("npm") or "npm", "pack", "--json", f"{package.name}@{package.version}"],
        cwd=scratch,
        check=True,
        capture_output=True,
        text=True,
    )
    report = json.loads(packed.stdout)[0]
    archive = (scratch / report["filename"]).read_bytes()
    if report["integrity"] != integrity(archive):
        raise SystemExit(f"{package.name}: the archive differs from the registry's checksum")
    contents = taken_files(package, scratch / report["filename"])
    folder = VENDOR_DIR / package.folder
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "source": f"https://registry.npmjs.org/{package.name}/-/{report['filename']}",
        "integrity": report["integrity"],
        "folder": package.folder,
        "files": {name: sha512(content) for name, content in sorted(contents.items())},
    }


def taken_files(package: Package, archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:

        def read(name: str) -> bytes:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{package.name}: {name} is not a file")
            return member.read()

        contents = {"LICENSE": read("LICENSE")}
        for name in package.files:
            contents[Path(name).name] = SOURCE_MAP.sub(b"\n", read(name))
        if package.name == "bootstrap-icons":
            contents[SPRITE] = sprite({name: read(f"icons/{name}.svg") for name in ICONS})
    return contents


def sprite(icons: dict[str, bytes]) -> bytes:
    """Join single icons into one file of symbols, each named as its icon."""
    symbols = []
    for name, source in icons.items():
        drawing = re.sub(r"^\s*<svg[^>]*>|</svg>\s*$", "", source.decode())
        drawing = " ".join(drawing.split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{drawing}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    return "\n".join([head, *symbols, "</svg>\n"]).encode()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
