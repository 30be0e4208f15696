"""URLs of measures."""

from django.urls import path

from measures.views import acts, items, keeping, ledgers, months

app_name = "measures"
urlpatterns = [
    path("", ledgers.home, name="home"),
    path("own/", ledgers.own, name="own"),
    path("new/", keeping.new, name="new"),
    path("new/template.xlsx", keeping.template, name="new_template"),
    path("ledgers/<uuid:public_id>/", ledgers.ledger, name="ledger"),
    path("ledgers/<uuid:public_id>/export.xlsx", ledgers.ledger_xlsx, name="ledger_xlsx"),
    path("ledgers/<uuid:public_id>/months/", ledgers.overview, name="overview"),
    path("ledgers/<uuid:public_id>/months/<str:month>/", months.month_report, name="month"),
    path("ledgers/<uuid:public_id>/edit/", keeping.edit, name="ledger_edit"),
    path("ledgers/<uuid:public_id>/units/", keeping.renew, name="renew"),
    path("items/<uuid:public_id>/", items.measure, name="measure"),
    path("items/<uuid:public_id>/standing/<slug:act>/", acts.standing, name="standing"),
    path("items/<uuid:public_id>/urge/", acts.urge, name="urge"),
    path("items/<uuid:public_id>/deadline/", acts.deadline, name="deadline"),
    path("items/<uuid:public_id>/goals/new/", acts.goal_new, name="goal_new"),
    path("items/<uuid:public_id>/units/new/", acts.unit_new, name="unit_new"),
    path("goals/<uuid:public_id>/remove/", acts.goal_remove, name="goal_remove"),
    path("units/<uuid:public_id>/report/", items.report, name="report"),
    path("units/<uuid:public_id>/kind/", acts.unit_kind, name="unit_kind"),
    path("units/<uuid:public_id>/end/", acts.unit_end, name="unit_end"),
    path("evidence/<uuid:public_id>/", items.evidence, name="evidence"),
]
