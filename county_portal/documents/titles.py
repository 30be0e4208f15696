"""Titles broken by meaning."""


def break_title(title: str, office: str) -> tuple[str, ...]:
    """The lines of a title."""
    return tuple(line.strip() for line in title.splitlines() if line.strip())
