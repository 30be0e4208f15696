"""Writing down which corrections a run was graded with."""

from collections.abc import Sequence

from indicators.models import Submission
from scoring.models import AppliedCorrection, GradingRun
from scoring.selectors.corrections import corrections_in_force


def note_corrections(run: GradingRun, submissions: Sequence[Submission]) -> int:
    """Note what `read_inputs` overlaid, in the transaction that grades; returns how many.

    The submissions are locked: a decision on an appeal waits for them, so that both read the same corrections.
    """
    graded = {row.region_id for row in submissions}
    rows = [
        AppliedCorrection(run=run, correction=row)
        for row in corrections_in_force(run.collection)
        if row.region_id in graded
    ]
    return len(AppliedCorrection.objects.bulk_create(rows))
