from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from county_portal.common.transport import only_utf8


@pytest.fixture(autouse=True)
def connections_left_alone():
    """As in Django's test client: a request asks a connection whether it is too old, and earlier tests leave one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def status_of(content_type):
    """Answer of the whole application to a request with this content type, over WSGI."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/livez",
        "QUERY_STRING": "a=b",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    if content_type is not None:
        environ["CONTENT_TYPE"] = content_type
    answers = []
    body = only_utf8(get_wsgi_application())(
        environ, lambda status, headers: answers.append(status)
    )
    b"".join(body)
    return int(answers[0].split()[0])


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain; charset=hex", "text/plain; charset=gbk", 'a/b; charset="utf-7"'),
        *("a/b; CHARSET=zip", "a/b; charset=", "a/b; charset*=utf-7''x", "a/b; charset=idna"),
    ],
)
def test_other_charsets_are_refused(content_type):
    assert status_of(content_type) == 400


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/plain; charset=UTF-8",
        'a/b; charset="utf8"',
        ";;;",
        "multipart/form-data",
    ],
)
def test_utf8_passes(content_type):
    assert status_of(content_type) == 200
