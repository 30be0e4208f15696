"""The final acceptance of pilots (总结验收)."""

from django.urls import path

from applications.views import acceptance_review, acceptances

_ONE = "pilots/acceptances/<uuid:public_id>/"

urlpatterns = [
    path("pilots/<uuid:public_id>/acceptance/", acceptances.begin, name="acceptance_begin"),
    path("pilots/acceptances/opinions/", acceptance_review.opinions, name="acceptance_opinions"),
    path(
        "pilots/acceptances/opinions/<uuid:public_id>/",
        acceptance_review.opinion,
        name="acceptance_opinion",
    ),
    path(
        "pilots/acceptances/opinions/<uuid:public_id>/conflict/",
        acceptance_review.conflict,
        name="acceptance_conflict",
    ),
    path(
        "pilots/acceptances/files/<uuid:public_id>/", acceptances.evidence, name="acceptance_file"
    ),
    path(
        "pilots/acceptances/files/<uuid:public_id>/remove/",
        acceptances.detach,
        name="acceptance_file_remove",
    ),
    path(
        "pilots/acceptances/records/<uuid:public_id>/file/",
        acceptance_review.record_file,
        name="acceptance_record_file",
    ),
    path(_ONE, acceptances.acceptance, name="acceptance"),
    path(f"{_ONE}edit/", acceptances.edit, name="acceptance_edit"),
    path(f"{_ONE}files/", acceptances.attach, name="acceptance_attach"),
    path(f"{_ONE}records/", acceptance_review.meeting, name="acceptance_meeting"),
    path(f"{_ONE}experts/", acceptance_review.experts, name="acceptance_experts"),
    path(f"{_ONE}proposal/", acceptance_review.propose, name="acceptance_propose"),
    path(f"{_ONE}proposal/decline/", acceptance_review.decline, name="acceptance_decline"),
    path(f"{_ONE}<slug:action>/", acceptances.move, name="acceptance_move"),
]
