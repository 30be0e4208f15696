"""Document numbers."""


def normalise_citations(text: str) -> str:
    """Document numbers in their one spelling."""
    return text
