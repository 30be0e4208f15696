"""Where a province's data files lie: one folder per province, `provinces/<key>/`."""

import json
from pathlib import Path
from typing import Any

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


def has_province_file(name: str, province: str = "") -> bool:
    """Whether the province keeps such a file: some are of some provinces alone."""
    return (PROVINCES_DIR / (province or settings.PROVINCE) / name).is_file()


def read_province_json(name: str, province: str = "") -> dict[str, Any]:
    """The content of a JSON file of the province; raises FileNotFoundError with what is missing."""
    document: dict[str, Any] = json.loads(province_file(name, province).read_text(encoding="utf-8"))
    return document
