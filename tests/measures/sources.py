"""The three official texts as they lie in the province's folder, and what they must yield."""

from county_portal.common.province_files import province_file
from measures.importer import read_plain, read_source

SPECS = {row["key"]: row for row in read_plain("ledgers", "hebei")}
COUNTS = {"hebei-measures": (8, 28), "shijiazhuang-tasks": (6, 22), "bazhou-tasks": (5, 14)}


def text_of(key: str) -> str:
    """The file as it lies there."""
    return province_file(f"measures/{SPECS[key]['text']}", "hebei").read_text(encoding="utf-8")


def reading_of(key: str):
    """The file, read."""
    return read_source(SPECS[key], "hebei")
