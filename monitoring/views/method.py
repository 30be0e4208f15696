"""How the year's end is projected, and how far that was off in the past."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from indicators.rules.projection import LEAST_ERRORS, LEAST_MONTHS, LEAST_YEARS
from monitoring.enums import Severity
from monitoring.selectors.calibrations import list_tested, read_calibration
from monitoring.selectors.findings import warning_settings


@page(Permission.VIEW_WARNINGS)
def method(request: AuthenticatedRequest) -> HttpResponse:
    """The method in words, the back-test in figures, the thresholds as they are set."""
    kept = read_calibration(clock.today().year)
    limits = warning_settings()
    context = {
        "kept": kept,
        "rows": list_tested(kept) if kept else [],
        "totals": kept.totals if kept else None,
        "least_months": LEAST_MONTHS,
        "least_years": LEAST_YEARS,
        "least_errors": LEAST_ERRORS,
        "limits": limits,
        "class_limits": sorted(limits.class_percent.items()),
        "days": [
            (
                severity,
                severity.label,
                limits.missing_days[severity],
                limits.answer_days[severity],
                limits.city_days[severity],
                "、".join(stage.label for stage in limits.copies[severity]),
            )
            for severity in Severity
        ],
        "breadcrumbs": [("监测预警", reverse("monitoring:warnings")), ("方法说明", None)],
    }
    return render(request, "monitoring/method.html", context)
