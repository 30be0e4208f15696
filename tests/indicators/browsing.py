"""Reading pages in tests: what is posted, what is shown, how many questions the database gets."""

import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.people import signed_in
from tests.factories.sheets import ANSWERS, fresh


def url(name, row, *rest):
    return reverse(f"indicators:{name}", args=[row.public_id, *rest])


def text(response):
    """The words of the page, tags gone."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(words))


def code(response):
    """The machine-readable code of the refusal on the page, if any."""
    found = re.search(r'<meta name="error-code" content="([^"]+)">', response.content.decode())
    return found and found[1]


def value(response, name):
    """What stands in an input of the page."""
    page = response.content.decode()
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    return unescape(re.search(r' value="([^"]*)"', field[0])[1])


def fields(response):
    """All fields of the indicator table as a browser would post them."""
    page = response.content.decode()
    form = page[page.index('name="revision"') - 60 :]
    form = form[: form.index("</form>")]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="([^"]+)"', tag)
        data[name[1]] = unescape(re.search(r' value="([^"]*)"', tag)[1])
    for name, inner in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        data[name] = unescape(inner).replace("\n", "\r\n")
    for name, inner in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        data[name] = re.search(r'value="([^"]+)" selected', inner)[1]
    return data


def answers(submission, **changed):
    """Every line answered, as a browser without the hidden bases would post it."""
    data = {"revision": str(fresh(submission).revision)}
    for number, typed in ANSWERS.items():
        data |= {
            f"v-{number}": typed.text,
            f"n-{number}": typed.numerator,
            f"d-{number}": typed.denominator,
            f"m-{number}": str(typed.mode),
            f"t-{number}": typed.note,
        }
    return data | {name.replace("_", "-"): entered for name, entered in changed.items()}


def questions(user, address):
    """How many queries a page takes, once the session is warm."""
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
