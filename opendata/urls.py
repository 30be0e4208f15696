"""URLs of opendata: pages under open/, the interface under open/v1 and api/v1, tokens under tokens/."""

from django.urls import path

from opendata.interface import api
from opendata.operations import patterns
from opendata.views import public, tokens

app_name = "opendata"
urlpatterns = [
    path("open/", public.catalogue, name="public_catalogue"),
    path("open/data/<slug:key>/", public.dataset, name="public_dataset"),
    path("open/interface/", public.reference, name="public_reference"),
    path("open/feed.xml", public.feed, name="public_feed"),
    path("open/openapi.json", public.openapi, name="public_openapi"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/issue/", tokens.issue, name="token_issue"),
    path("tokens/<uuid:public_id>/revoke/", tokens.revoke, name="token_revoke"),
    *patterns(api),
]
