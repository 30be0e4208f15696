"""The three-way merge: as downloaded, as stored now, as in the file. Pure; a line is one figure with its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from county_portal.common.text import fingerprint
from indicators.rules.cells import CellInput, CellSpec, read_cell
from indicators.workbook.template import means_same


class Outcome(StrEnum):
    """What a line comes to."""

    SAME = "same"  # nobody changed it, or both did in the same way
    SERVER = "server"  # changed on the web only: stays
    FILE = "file"  # changed in the file only: will be written
    CONFLICT = "conflict"  # changed on both sides, differently: somebody must choose
    LOCKED = "locked"  # changed in the file, but may not be changed now


@dataclass(frozen=True, slots=True)
class Merged:
    """One line: the three contents and what they come to."""

    spec: CellSpec
    base: CellInput
    server: CellInput
    file: CellInput
    outcome: Outcome


def merge(
    specs: Sequence[CellSpec],
    base: Mapping[str, CellInput],
    server: Mapping[str, CellInput],
    file: Mapping[str, CellInput],
    locked: frozenset[str] = frozenset(),
) -> list[Merged]:
    """Merge the lines the file could state, in table order; a line it lacks is left out.

    Typing alone decides nothing: 50 and 50.0 are the same figure.
    """
    return [
        _merged(
            spec,
            base.get(spec.code, CellInput()),
            server.get(spec.code, CellInput()),
            file[spec.code],
            locked,
        )
        for spec in specs
        if spec.code in file
    ]


def _merged(
    spec: CellSpec, base: CellInput, server: CellInput, file: CellInput, locked: frozenset[str]
) -> Merged:
    is_file_changed = not _same(spec, file, base)
    is_server_changed = server.fingerprint != base.fingerprint
    if not is_file_changed:
        outcome = Outcome.SERVER if is_server_changed else Outcome.SAME
    elif is_server_changed and _same(spec, file, server):
        outcome = Outcome.SAME
    elif spec.code in locked:
        outcome = Outcome.LOCKED
    else:
        outcome = Outcome.CONFLICT if is_server_changed else Outcome.FILE
    return Merged(spec, base, server, file, outcome)


def _same(spec: CellSpec, one: CellInput, other: CellInput) -> bool:
    return one.fingerprint == other.fingerprint or means_same(
        read_cell(spec, one)[0], read_cell(spec, other)[0]
    )


def conflicts_digest(lines: Iterable[Merged]) -> str:
    """What somebody who chooses has seen: which lines conflict, and with what stored content."""
    seen = [
        [line.spec.code, line.server.fingerprint]
        for line in lines
        if line.outcome == Outcome.CONFLICT
    ]
    return fingerprint(seen)
