"""What must be refused before Django makes a request of it."""

from collections.abc import Iterable
from email.message import Message
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_UTF8 = {"utf-8", "utf8"}


def only_utf8(application: "WSGIApplication") -> "WSGIApplication":
    """Wrap a WSGI application: another charset than UTF-8 answers 400.

    Django looks the charset up among Python's codecs while it builds the request, outside every middleware;
    some of them (hex) are no text encodings, and end in a 500.
    """

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        header = Message()
        header["Content-Type"] = environ.get("CONTENT_TYPE") or "text/plain"
        if str(header.get_param("charset", "utf-8")).lower() in _UTF8:
            return application(environ, start_response)
        status = HTTPStatus.BAD_REQUEST
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        start_response(f"{status.value} {status.phrase}", headers)
        return ["请求的文字编码不是UTF-8。\n".encode()]

    return guarded
