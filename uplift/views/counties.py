"""Target, now, forecast: all counties of a plan at a glance, and one of them."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.components import Chip
from county_portal.common.errors import Invalid, Refused
from scoring.selectors.advice import own_next_steps
from uplift.actions.expectations import answer_expectations
from uplift.exports import outlooks_workbook
from uplift.forms.expectations import ExpectationsForm
from uplift.forms.narrowing import CountiesForm
from uplift.selectors.expectations import own_expected, read_expected
from uplift.selectors.outlook import default_year, read_outlooks, years_of
from uplift.selectors.plans import get_county, get_version, visible_counties
from uplift.selectors.texts import meaning_names
from uplift.views.plans import download
from uplift.views.words import crumbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uplift.models import PlanVersion
    from uplift.selectors.outlook import Outlook


def _narrowed(
    request: AuthenticatedRequest, version: "PlanVersion"
) -> "tuple[CountiesForm, Sequence[Outlook], Sequence[Outlook]]":
    """The form, all counties the reader may see, and those asked for."""
    form = CountiesForm(
        request.GET, years=years_of(version), default=default_year(version), classes=version.classes
    )
    regions = visible_counties(request.user, version)
    outlooks = read_outlooks(version, regions, form.year) if regions else []
    return form, outlooks, form.narrow(outlooks)


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version"})
def counties(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Every county in sight: class now and aimed at, points missing, targets reached; the address filters."""
    version = get_version(request.user, public_id)
    form, everybody, shown = _narrowed(request, version)
    context = {
        "version": version,
        "form": form,
        "year": form.year,
        "rows": shown,
        "chips": [
            Chip(
                label,
                f"?{urlencode({'year': form.year, 'only': key})}",
                count,
                form.only == key,
                tone,
            )
            for key, label, tone, count in form.choices(everybody)
        ],
        "total": len(everybody),
        "export_url": reverse("uplift:counties_xlsx", args=[public_id]) + form.address(),
        "breadcrumbs": crumbs(version, "各县进展"),
    }
    return render(request, "uplift/counties.html", context)


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version"})
def counties_xlsx(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same, exactly as narrowed, as a workbook."""
    version = get_version(request.user, public_id)
    form, _everybody, shown = _narrowed(request, version)
    content = outlooks_workbook(version, shown, form.words, clock.today())
    return download(content, f"uplift-{form.year}.xlsx")


@page(Permission.VIEW_UPLIFT, objects={"public_id": "uplift_version", "region": "uplift_county"})
def county(request: AuthenticatedRequest, public_id: UUID, region: UUID) -> HttpResponse:
    """One county: each target with its base, the newest figure, the lead, the forecast; growth; the class."""
    version = get_version(request.user, public_id)
    shown = get_county(request.user, version, region)
    form = CountiesForm(
        request.GET, years=years_of(version), default=default_year(version), classes=version.classes
    )
    (outlook,) = read_outlooks(version, [shown], form.year)
    names = meaning_names()
    is_own = shown.pk == request.user.office.region_id
    may_plan_ahead = request.user.holds(Permission.PLAN_AHEAD)
    context = {
        "version": version,
        "outlook": outlook,
        "year": form.year,
        "years": years_of(version),
        "growth": [(names.get(o.rule.meaning, (o.rule.meaning, "")), o) for o in outlook.growth],
        "expected": read_expected(request.user, version, shown, form.year),
        "is_own": is_own,
        "may_answer": request.user.holds(Permission.FILL),
        "may_plan_ahead": may_plan_ahead,
        "ahead": own_next_steps(request.user) if is_own and may_plan_ahead else None,
        "breadcrumbs": crumbs(version, shown.full_name),
    }
    return render(request, "uplift/county.html", context)


@page(Permission.FILL, methods="GET POST", objects={"public_id": "uplift_version"})
def expectations(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The county's own: what the plan expects this year, to adopt, to exceed, or to fall short of with a reason."""
    version = get_version(request.user, public_id)
    expected = own_expected(request.user, version)
    if request.method != "POST":
        return _expectations_page(request, version, ExpectationsForm.of(expected))
    form = ExpectationsForm.read(expected, request.POST)
    if form.faults:
        return _expectations_page(request, version, form)
    try:
        count = answer_expectations(
            actor=request.user, version_id=public_id, seen=form.seen, answers=form.answers
        )
    except Invalid as refusal:
        form.blame(refusal.field, refusal.sentence)
        return _expectations_page(request, version, form, refusal)
    except Refused as refusal:
        return _expectations_page(request, version, form, refusal)
    messages.success(request, f"已保存{count}项。" if count else "内容没有变化，无需保存。")
    return redirect("uplift:expectations", public_id)


def _expectations_page(
    request: AuthenticatedRequest,
    version: "PlanVersion",
    form: ExpectationsForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "version": version,
        "form": form,
        "expected": form.expected,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(version, "本县月度预期"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "uplift/expectations.html", context, status=status_code)
