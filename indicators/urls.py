"""URLs of indicators."""

from django.urls import path

from indicators.views import (
    city,
    comments,
    county,
    heat,
    openings,
    province,
    returns,
    shared,
    versions,
)

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
    # notices
    path(f"{_SUBMISSION}late-opening/", openings.late_opening, name="late_opening"),
    path(
        f"{_SUBMISSION}late-opening/close/", openings.late_opening_close, name="late_opening_close"
    ),
    path(f"{_COLLECTION}late-openings/", openings.late_openings, name="late_openings"),
    # city: heat, returns, comments, versions
    path(f"{_COLLECTION}heat/", heat.heat, name="heat"),
    path("submissions/batch/", city.batch, name="batch"),
    path("returns/", returns.reasons, name="return_reasons"),
    path("returns/items/<uuid:public_id>/answer/", returns.answer, name="return_answer"),
    path(f"{_SUBMISSION}comments/<slug:code>/", comments.comment, name="comment"),
    path("comments/<uuid:public_id>/settle/", comments.comment_settle, name="comment_settle"),
    path("comments/<uuid:public_id>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path(f"{_SUBMISSION}versions/", versions.versions, name="versions"),
    path(f"{_SUBMISSION}compare/", versions.compare, name="compare"),
]
