"""Learning from finished years: courses, bands, and how far the method was off."""

from django.db import transaction

from county_portal.common import clock
from indicators.models import MonthlyCall
from indicators.selectors.monthly import list_monthly_indicators
from monitoring.backtest import cells_of, learn
from monitoring.learned import Teaching, to_document
from monitoring.models import Calibration
from monitoring.selectors.history import read_history


@transaction.atomic
def calibrate(call: MonthlyCall) -> Calibration:
    """Learn anew from the years before a call and keep it in place of what was known.

    The same years teach the same to the digit; no record in the audit, since nothing is decided.
    """
    history = read_history(call)
    learned, cells = {}, []
    for indicator in list_monthly_indicators(call.version):
        known, cases = learn(indicator.monthly, history.get(indicator.code, ()))
        learned[indicator.code] = known
        cells += cells_of(indicator.code, cases)
    years = {year.year for found in history.values() for year in found}
    samples = {(year.county, year.year) for found in history.values() for year in found}
    kept, _ = Calibration.objects.update_or_create(
        call=call,
        defaults={
            "made_at": clock.now(),
            "samples": len(samples),
            "years": sorted(years),
            "content": to_document(Teaching(learned, tuple(cells))),
        },
    )
    return kept
