"""Serving a stored file: as an attachment, or shown in place; never cached by others."""

from django.http import FileResponse, Http404

from county_portal.files.models import StoredFile
from county_portal.files.store import path_of

# What a browser may do with a file shown in place: nothing but show it, inside a page of the portal.
# The sandbox takes even the portal's origin from it; Chromium's PDF viewer works all the same.
INLINE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox"
)
# Shown by every browser without a program of its own.
SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


def may_be_shown(file: StoredFile) -> bool:
    """Whether a browser can show it in place."""
    return file.content_type in SHOWN_INLINE


def serve_inline(file: StoredFile) -> FileResponse:
    """The file to be shown in a frame of the portal's own page; 404 for what browsers cannot show."""
    if not may_be_shown(file):
        raise Http404
    response = serve(file)
    response["Content-Disposition"] = response["Content-Disposition"].replace(
        "attachment", "inline", 1
    )
    response["Content-Security-Policy"] = INLINE_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


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
