"""An application as its county works on it."""

from django.urls import path

from applications.views import county

urlpatterns = [
    path("applications/<uuid:public_id>/", county.application, name="application"),
]
