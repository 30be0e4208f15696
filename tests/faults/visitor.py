"""A person with a plain HTTP client: cookies, forms, no JavaScript, no library of the portal's."""

import html
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import Any

TIMEOUT = 30.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers here, not detours."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str
    seconds: float

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    @property
    def error_code(self) -> str:
        """The machine-readable refusal on the page, blank when there is none."""
        found = re.search(r'<meta name="error-code" content="([^"]*)"', self.text)
        return found[1] if found else ""

    @property
    def token(self) -> str:
        """The form's CSRF token."""
        found = _TOKEN.search(self.text)
        assert found, f"no form on the page: {self.status} {self.text[:300]}"
        return found[1]

    def field(self, name: str) -> str:
        """The value of a hidden or text field."""
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        assert found, f"no field {name}"
        return html.unescape(found[1])


class Visitor:
    """One session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar()),
            _Stay(),
        )

    def log_in(self, login: str, password: str) -> None:
        """Log in; fails when the portal does not let us."""
        answer = self.submit("/login/", login=login, password=password, next="")
        assert answer.location == "/inbox/", f"{login} was not let in: {answer.status}"

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask(urllib.request.Request(f"{self.url}{path}"))

    def post(self, path: str, token: str, **fields: str) -> Answer:
        """Send a form whose token is already known."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._ask(urllib.request.Request(f"{self.url}{path}", data=data))

    def submit(self, path: str, **fields: str) -> Answer:
        """Open a form's page and send it."""
        return self.post(path, self.get(path).token, **fields)

    def json(self, path: str) -> dict[str, Any]:
        """Fetch a JSON answer."""
        answer = json.loads(self.get(path).body)
        assert isinstance(answer, dict)
        return answer

    def _ask(self, request: urllib.request.Request) -> Answer:
        started = time.monotonic()
        try:
            response = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return _answer(response, time.monotonic() - started)


def _answer(response: HTTPResponse | urllib.error.HTTPError, seconds: float) -> Answer:
    status = int(response.status or 0)
    return Answer(status, response.read(), response.headers.get("Location") or "", seconds)
