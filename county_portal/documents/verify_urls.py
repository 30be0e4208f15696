"""URLs under v/: short, since they stand on paper."""

from django.urls import path

from county_portal.documents.views import verify

app_name = "verify"
urlpatterns = [
    path("", verify.index, name="index"),
    path("file/", verify.file, name="file"),
    path("keys/", verify.keys, name="keys"),
    path("keys.json", verify.keys_json, name="keys_json"),
    path("verify_document.py", verify.script, name="script"),
    path("<str:code>/", verify.standing, name="standing"),
    path("<str:code>/compare/", verify.compare, name="compare"),
    path("<str:code>/<slug:kind>.receipt", verify.receipt, name="receipt"),
]
