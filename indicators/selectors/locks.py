"""Which lines of a sheet that may be filled are locked all the same."""

from indicators.models import Submission


def locked_codes(submission: Submission) -> frozenset[str]:
    """Codes of the indicators that may not be changed now, although the sheet may."""
    return frozenset()
