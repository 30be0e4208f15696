"""URLs of reports."""

from django.urls import path

from reports.views import cards

app_name = "reports"
urlpatterns = [
    path("", cards.cards, name="cards"),
    path("<uuid:public_id>/", cards.year, name="year"),
    path("<uuid:public_id>/batch/", cards.batch, name="batch"),
    path("<uuid:public_id>/<uuid:region_id>/", cards.card, name="card"),
    path("files/<uuid:public_id>/", cards.file, name="file"),
]
