"""An upload page, as apps above have them: everything between the socket and `keep_upload` is the real thing."""

from django.http import JsonResponse
from django.urls import path

from county_portal.common.access import Audience, page
from county_portal.files.actions import keep_upload


@page(Audience.SIGNED_IN, methods="POST")
def upload(request):
    kept = [keep_upload(actor=request.user, upload=file) for file in request.FILES.getlist("file")]
    return JsonResponse({"files": [{"name": file.name, "size": file.size} for file in kept]})


urlpatterns = [path("upload/", upload, name="upload")]
