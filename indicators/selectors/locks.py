"""Which lines of a sheet that may be filled are locked all the same."""

from indicators.enums import EDITABLE
from indicators.models import ReturnItem, Submission
from indicators.selectors.catalogue import catalogue_of


def locked_codes(submission: Submission) -> frozenset[str]:
    """Codes of the indicators that may not be changed now, although the sheet may.

    While a return is open, all but the lines it names and those that state the same facts: a figure kept
    once cannot be put right in one place and stand wrong in another.
    """
    # A return that waits for its answer has a day by which it is due.
    if submission.state not in EDITABLE or submission.correction_due_on is None:
        return frozenset()
    named = set(
        ReturnItem.objects.filter(
            packet__submission=submission, packet__answered_at__isnull=True
        ).values_list("indicator_code", flat=True)
    )
    if not named:
        return frozenset()
    stated = _facts_stated(submission)
    return frozenset(stated) - named - _sharing(stated, named)


def linked_codes(submission: Submission, named: set[str]) -> list[str]:
    """Lines that are open besides the named ones, because they state the same facts."""
    return sorted(_sharing(_facts_stated(submission), named) - named)


def _facts_stated(submission: Submission) -> dict[str, set[int]]:
    specs = catalogue_of(submission.collection.version_id).specs.values()
    return {
        spec.code: {
            fact for fact in (spec.fact, spec.numerator_fact, spec.denominator_fact) if fact
        }
        for spec in specs
    }


def _sharing(stated: dict[str, set[int]], named: set[str]) -> set[str]:
    concerned = {fact for code in named for fact in stated.get(code, ())}
    return {code for code, facts in stated.items() if facts & concerned}
