"""Serving a stored file, always as an attachment and never cached by others."""

from django.http import FileResponse, Http404

from county_portal.files.models import StoredFile
from county_portal.files.store import path_of


def serve(file: StoredFile, *, is_public: bool = False) -> FileResponse:
    """The file as a download; the caller has checked that the person may have it."""
    path = path_of(file.sha256)
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{file.sha256}"'
    return response
