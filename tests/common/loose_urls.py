"""A URLconf with every mistake the system check must see."""

from django.http import HttpResponse
from django.urls import include, path

from county_portal.common.access import Audience, page


def undeclared(request):
    return HttpResponse("anybody")


@page(Audience.SIGNED_IN)
def silent(request, public_id):
    return HttpResponse(public_id)


@page(Audience.SIGNED_IN, methods="GET POST", objects={"public_id": "thing"})
def declared(request, public_id):
    return HttpResponse(public_id)


urlpatterns = [
    path("undeclared/", undeclared, name="undeclared"),
    path("nested/", include(([path("undeclared/", undeclared, name="inner")], "nested"))),
    path("silent/<uuid:public_id>/", silent, name="silent"),
    path("nameless/", page(Audience.PUBLIC)(undeclared)),
    path("declared/<uuid:public_id>/", declared, name="declared"),
]
