"""QR codes of the verification page: modules as one path for PDF, as a picture for Word."""

from dataclasses import dataclass
from io import BytesIO

import segno

QUIET_ZONE = 4  # modules kept white around, as the standard wants
ERROR_LEVEL = "m"  # survives a stamp or a fold over 15 % of it
_PNG_SCALE = 12


@dataclass(frozen=True, slots=True)
class QrCode:
    """Dark modules as a path of a drawing `size` by `size`, its quiet zone included."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of an address; the same text gives the same path."""
    matrix = segno.make(text, error=ERROR_LEVEL, micro=False).matrix
    runs = []
    for y, row in enumerate(matrix, start=QUIET_ZONE):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                runs.append(f"M{x + QUIET_ZONE} {y}h{length}v1h-{length}z")
            x += length
    return QrCode(len(matrix) + 2 * QUIET_ZONE, "".join(runs))


def qr_png(text: str) -> bytes:
    """The same code as a PNG, large enough for 22 mm in print."""
    out = BytesIO()
    segno.make(text, error=ERROR_LEVEL, micro=False).save(
        out, kind="png", scale=_PNG_SCALE, border=QUIET_ZONE
    )
    return out.getvalue()
