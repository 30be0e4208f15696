"""Names of units as officials type them into the responsibility table (S3, annex)."""

import re

UNITS_AT_MOST = 8
NAME_AT_MOST = 60
_BETWEEN = re.compile(r"[、，,；;/\n]+")


def read_units(text: str) -> tuple[str, ...]:
    """Names in the order typed, each once; blanks between them do not count."""
    names = (" ".join(part.split()) for part in _BETWEEN.split(text))
    return tuple(dict.fromkeys(name for name in names if name))


def units_fault(units: tuple[str, ...], *, what: str, indicator: str) -> str:
    """What is wrong with one cell of the table, as a sentence; blank where nothing is."""
    if not units:
        return f"“{indicator}”没有写{what}，请写明至少一个单位；要用指标体系写明的单位，请点“恢复默认”。"
    if len(units) > UNITS_AT_MOST:
        return f"“{indicator}”的{what}有{len(units)}个，最多{UNITS_AT_MOST}个，请减少。"
    long = next((name for name in units if len(name) > NAME_AT_MOST), "")
    if long:
        return f"“{indicator}”的{what}“{long[:10]}…”超过{NAME_AT_MOST}个字，请用“、”分开各单位或用简称。"
    return ""
