"""One figure tried on one indicator, saved or not: its score with the arithmetic, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.batch import score_indicator
from scoring.engine.errors import DocumentError, ScoringError
from scoring.engine.scheme_checks import check_scheme
from scoring.engine.scheme_document import read_scheme
from scoring.engine.types import Figure, Measure, Step
from scoring.schemes.documents import Document


@dataclass(frozen=True, slots=True)
class Trial:
    """What a figure gives: either a score with steps, or a reason."""

    score: str = ""
    steps: tuple[Step, ...] = ()
    reason: str = ""


def try_figure(document: Document, indicator: Mapping[str, Any], measure: Measure) -> Trial:
    """Score a measure by an indicator as it would stand in a document, rounded as the document says.

    Where counties fall into classes it is tried as one that is in none.
    """
    alone = {
        **document,
        "indicators": [indicator],
        "classes": [{"name": "—", "at_least": "0"}],
        "ties": "shared-rank",
        "groups": [],
    }
    try:
        scheme = read_scheme(alone)
        check_scheme(scheme)
        (only,) = scheme.indicators
        line = score_indicator(only, Figure(only.code, measure), scheme.places, scheme.mode)
    except DocumentError as fault:
        return Trial(reason=fault.sentence)
    except ScoringError as problem:
        return Trial(reason=f"{problem.reason}。")
    return Trial(str(line.score), line.derivation.steps)
