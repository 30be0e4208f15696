"""URLs of indicators."""

from django.urls import path

from indicators.views import checks, city, county, facts, province, shared

app_name = "indicators"

_SUBMISSION = "submissions/<uuid:public_id>/"
_COLLECTION = "collections/<uuid:public_id>/"

urlpatterns = [
    path("submissions/", shared.submissions, name="submissions"),
    path(_SUBMISSION, shared.submission, name="submission"),
    path(f"{_SUBMISSION}review/", shared.review, name="review"),
    path("evidence/<uuid:public_id>/file/", shared.evidence_file, name="evidence_file"),
    # county
    path(f"{_SUBMISSION}fill/", county.fill, name="fill"),
    path(f"{_SUBMISSION}submit/", county.submit, name="submit"),
    path(f"{_SUBMISSION}recall/", county.recall, name="recall"),
    path(f"{_SUBMISSION}evidence/<slug:code>/", county.evidence, name="evidence"),
    path("evidence/<uuid:public_id>/remove/", county.evidence_remove, name="evidence_remove"),
    # city
    path(f"{_SUBMISSION}accept/", city.accept, name="accept"),
    path(f"{_SUBMISSION}approve/", city.approve, name="approve"),
    path(f"{_SUBMISSION}return/", city.give_back, name="return"),
    # province
    path(f"{_SUBMISSION}receive/", province.receive, name="receive"),
    path(f"{_SUBMISSION}send-back/", province.send_back, name="send_back"),
    path(f"{_SUBMISSION}reopen/", province.reopen, name="reopen"),
    path(f"{_SUBMISSION}extend/", province.extend, name="extend"),
    path("collections/", province.collections, name="collections"),
    path("collections/new/", province.collection_create, name="collection_create"),
    path(_COLLECTION, province.collection, name="collection"),
    path(f"{_COLLECTION}open/", province.collection_open, name="collection_open"),
    path(f"{_COLLECTION}close/", province.collection_close, name="collection_close"),
    path(f"{_COLLECTION}reopen/", province.collection_reopen, name="collection_reopen"),
    path(f"{_COLLECTION}receive/", province.receive_many, name="receive_many"),
    # facts
    path("facts/", facts.facts, name="facts"),
    path(f"{_SUBMISSION}facts/", facts.ledger, name="ledger"),
    path(f"{_SUBMISSION}facts/adopt/", facts.adopt, name="facts_adopt"),
    path(f"{_SUBMISSION}facts/explain/", facts.explain, name="facts_explain"),
    path(f"{_SUBMISSION}facts/reconcile/", facts.reconcile, name="facts_reconcile"),
    path(f"{_SUBMISSION}findings/", checks.findings, name="findings"),
    path(f"{_SUBMISSION}findings/explain/", checks.explain, name="finding_explain"),
    path(f"{_SUBMISSION}findings/withdraw/", checks.withdraw, name="finding_withdraw"),
    path("checks/", checks.newest, name="checks_newest"),
    path("checks/<uuid:public_id>/", checks.rules, name="checks"),
    path("checks/rules/<uuid:public_id>/", checks.rule, name="check_rule"),
]
