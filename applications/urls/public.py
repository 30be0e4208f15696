"""What everybody may read, under programme/."""

from django.urls import path

from applications.views import public

urlpatterns = [
    path("programme/", public.programme, name="public_programme"),
    path("programme/rounds/<uuid:public_id>/", public.announcement, name="public_round"),
    path("programme/rounds/<uuid:public_id>/basis/", public.basis, name="public_round_basis"),
    path("programme/pilots/<uuid:public_id>/", public.pilot, name="public_pilot"),
]
