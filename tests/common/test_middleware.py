import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale
from county_portal.common.middleware import RefusalMiddleware

pytestmark = pytest.mark.django_db

LOGIN = "/login/"


def form(body, content_type="application/x-www-form-urlencoded"):
    return {"data": body, "content_type": content_type}


def multipart(name, value):
    boundary = b"----portal"
    return form(
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n'
        + value + b"\r\n--" + boundary + b"--\r\n",
        "multipart/form-data; boundary=----portal",
    )  # fmt: skip


def cookie(raw):
    return {"HTTP_COOKIE": raw}


@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/%ff/"},
        {"path": "/users/%c3%28/"},
        {"path": "/users/\x00/".replace("\x00", "%00")},
        {"path": LOGIN, "QUERY_STRING": "next=%ff"},
        {"path": LOGIN, "QUERY_STRING": "%ff=1"},
        {"path": LOGIN, "QUERY_STRING": "next=%00"},
        {"path": LOGIN, "QUERY_STRING": "next=\xff"},
        {"path": LOGIN, "QUERY_STRING": "next=%ed%a0%80"},
        {"path": LOGIN, **form(b"login=%ff&password=x")},
        {"path": LOGIN, **form(b"login=a%00b&password=x")},
        {"path": LOGIN, **form(b"login=\xff&password=x")},
        {"path": LOGIN, **form(b"login=\x00&password=x")},
        {"path": LOGIN, **form(b"%c0%80=a")},
        {"path": LOGIN, **form("login=县".encode("gbk"))},
        {"path": LOGIN, **multipart(b"login", b"a\xffb")},
        {"path": LOGIN, **multipart(b"login", b"a\x00b")},
        {"path": LOGIN, **cookie("sessionid=\xff")},
        {"path": LOGIN, **cookie('sessionid="abcdefgh\\000ijkl"')},
        {"path": LOGIN, **cookie('csrftoken="\\000"')},
    ],
)
def test_malformed_text_answers_400_never_500(request_):
    request_ = dict(request_)
    path = request_.pop("path")
    method = "post" if "data" in request_ else "get"

    response = getattr(Client(raise_request_exception=False), method)(path, **request_)

    assert response.status_code == 400
    assert 'name="error-code" content="malformed_text"' in response.content.decode()


def test_a_field_name_that_cannot_be_decoded_is_no_field(client):
    response = client.post(LOGIN, **multipart(b"lo\xffgin", b"a"))

    assert response.status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        {"QUERY_STRING": "next=%E5%8E%BF"},
        {"QUERY_STRING": "next=县".encode().decode("latin-1")},
        {
            "HTTP_COOKIE": "other=%E4%FF"
        },  # escape() of a neighbour on the same domain; nobody decodes it
        {"HTTP_COOKIE": "sessionid=unknownbutwellformed"},
        {"headers": {"Content-Type": "text/plain; charset=UTF-8"}},
    ],
)
def test_well_formed_text_passes(client, request_):
    assert client.get(LOGIN, **request_).status_code == 200


@pytest.mark.parametrize(
    "name", ["HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ACCEPT", "HTTP_X_FORWARDED_FOR"]
)
@pytest.mark.parametrize("value", ["\xff\xfe", "\x00", "x" * 5000, "\u0080"])
def test_odd_headers_are_never_a_500(name, value):
    client = Client(raise_request_exception=False)

    response = client.post(LOGIN, {"login": "nobody", "password": "x"}, **{name: value})

    assert response.status_code in {400, 403, 422}


@pytest.mark.parametrize(
    "refusal, status, template",
    [
        (Stale("stale_state", "已经变化。"), 409, "409"),
        (NotAllowed(), 403, "403"),
        (Invalid("wrong", "有误。", "cell"), 422, "409"),
        (Refused("gone", "不在。", 404), 404, "404"),
        (Refused("disk_full", "磁盘已满。", 503), 503, "503"),
    ],
)
def test_a_refusal_becomes_a_page_or_json(refusal, status, template):
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/")

    page = middleware.process_exception(request, refusal)
    answer = middleware.process_exception(
        RequestFactory().get("/", headers={"Accept": "application/json"}), refusal
    )

    assert (page.status_code, answer.status_code) == (status, status)
    assert f'name="error-code" content="{refusal.code}"' in page.content.decode()
    assert refusal.sentence in page.content.decode()
    assert json.loads(answer.content) == {"code": refusal.code, "sentence": refusal.sentence}


def test_other_exceptions_are_left_to_django():
    middleware = RefusalMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(RequestFactory().get("/"), ValueError("x")) is None


def test_every_answer_carries_the_security_headers(client):
    response = client.get(LOGIN)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
