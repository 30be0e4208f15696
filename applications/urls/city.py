"""What the reviewing office does, and what passes between it and the county."""

from django.urls import path

from applications.views import dialogue

_A = "applications/<uuid:public_id>/"

urlpatterns = [
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
