"""Where a province's data files lie: one folder per province, `provinces/<key>/`."""

from pathlib import Path

from django.conf import settings

PROVINCES_DIR = Path(settings.BASE_DIR) / "provinces"


def province_file(name: str, province: str = "") -> Path:
    """The path of a data file of `province`, of the installation's own where none is named.

    Raises FileNotFoundError with what is missing.
    """
    path = PROVINCES_DIR / (province or settings.PROVINCE) / name
    if not path.is_file():
        raise FileNotFoundError(f"provinces/{path.parent.name}/{name} is missing.")
    return path
