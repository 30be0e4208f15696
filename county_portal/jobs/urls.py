"""URLs of jobs."""

from django.urls import path

from county_portal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/state.json", views.state, name="state"),
    path("<uuid:public_id>/result/", views.result, name="result"),
    path("<uuid:public_id>/retry/", views.retry, name="retry"),
]
