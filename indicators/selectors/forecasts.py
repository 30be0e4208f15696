"""What a sheet would score as it stands, and how far it is from the next class."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.estimates import Answers, LineEstimate, estimator_of
from indicators.models import Submission
from indicators.selectors.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast for the page; `next_class` blank in the best class."""

    total: Decimal
    class_name: str
    next_class: str
    short_by: Decimal
    open_points: Decimal
    lines: Mapping[str, LineEstimate]


def answers_of(submission: Submission, sheet: Sheet) -> Answers:
    """A sheet as the estimator reads it."""
    return Answers(
        region_code=submission.region.code,
        region_name=submission.region.full_name,
        figures={row.spec.code: row.figure for row in sheet.rows if row.figure},
        items={
            row.spec.code: [(item.kind.code, item.name) for item in row.items] for row in sheet.rows
        },
        last_year={row.spec.code: row.last_year for row in sheet.rows if row.last_year},
    )


def read_forecast(submission: Submission, sheet: Sheet) -> Forecast | None:
    """The forecast of a sheet; None where no scheme is in force for its indicators."""
    estimator = estimator_of(submission.collection)
    if estimator is None:
        return None
    estimate = estimator.estimate(answers_of(submission, sheet))
    # Limits stand best first: the nearest above is the last that is not reached.
    above = [limit for limit in estimator.limits if limit.at_least > estimate.total]
    name, short_by = (
        (above[-1].name, above[-1].at_least - estimate.total) if above else ("", Decimal(0))
    )
    return Forecast(
        estimate.total, estimate.class_name, name, short_by, estimate.open_points, estimate.lines
    )
