"""URLs of uplift."""

from django.urls import path

from uplift.views import counties, editing, fund, moves, plans

app_name = "uplift"
_ONE = "<uuid:public_id>/"

urlpatterns = [
    path("", plans.plans, name="plans"),
    path("new/", plans.new, name="new"),
    path(_ONE, plans.plan, name="plan"),
    path(f"{_ONE}plan.xlsx", plans.workbook, name="workbook"),
    path(f"{_ONE}counties/", counties.counties, name="counties"),
    path(f"{_ONE}counties.xlsx", counties.counties_xlsx, name="counties_xlsx"),
    path(f"{_ONE}counties/<uuid:region>/", counties.county, name="county"),
    path(f"{_ONE}expectations/", counties.expectations, name="expectations"),
    path(f"{_ONE}fund/", fund.fund, name="fund"),
    path(f"{_ONE}fund/new/", fund.spend, name="spend"),
    path(f"{_ONE}fund/<uuid:entry>/revoke/", fund.revoke, name="revoke"),
    path(f"{_ONE}edit/heading/", editing.heading, name="edit_heading"),
    path(f"{_ONE}edit/targets/", editing.targets, name="edit_targets"),
    path(f"{_ONE}edit/targets/import/", editing.import_targets, name="import_targets"),
    path(f"{_ONE}edit/stages/", editing.stages, name="edit_stages"),
    path(f"{_ONE}edit/goals/", editing.goals, name="edit_goals"),
    path(f"{_ONE}edit/money/", editing.money, name="edit_money"),
    path(f"{_ONE}amend/", moves.amend, name="amend"),
    path(f"{_ONE}act/<slug:action>/", moves.plan_act, name="plan_act"),
    path(f"{_ONE}decide/<slug:action>/", moves.decide_act, name="decide_act"),
]
