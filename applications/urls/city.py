"""What the reviewing office does, and what passes between it and the county."""

from django.urls import path

from applications.views import city, dialogue, recommending

_A = "applications/<uuid:public_id>/"

_R = "applications/rounds/<uuid:public_id>/"

urlpatterns = [
    path(f"{_A}review/", city.review, name="review"),
    path(f"{_A}accept/", city.accept, name="accept"),
    path(f"{_A}approve/", city.approve, name="approve"),
    path(f"{_A}give-back/", city.give_back, name="give_back"),
    path(f"{_R}recommending/", recommending.recommending, name="recommending"),
    path(f"{_R}recommending/save/", recommending.ranking_save, name="ranking_save"),
    path(f"{_A}leave-out/", recommending.leave_out, name="leave_out"),
    path(f"{_A}reconsider/", recommending.reconsider, name="reconsider"),
    path(f"{_A}guidance/", dialogue.guidance, name="guidance"),
    path(
        "applications/guidance/<uuid:public_id>/settle/",
        dialogue.guidance_settle,
        name="guidance_settle",
    ),
    path(
        "applications/requests/<uuid:public_id>/answer/",
        dialogue.request_answer,
        name="request_answer",
    ),
]
