"""Pilots as open data: what was published of them, and nothing else anywhere a program or a person looks."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.beginning import begin_pilot
from applications.actions.changes import ChangeInput, ask_change, decide_change, review_change
from applications.actions.terms import TermInput, change_term
from applications.enums import ApplicationState, PilotAct
from applications.models import Reached, YearTarget
from county_portal.common import clock
from reports.actions.summaries import publish_summary, save_summary
from tests.factories.pilots import apply_to, draw_up_round, open_a_round
from tests.factories.programme import publish_pilots, reach
from tests.opendata.asking import ask

SUMMARY = "各试点按计划推进建设。"


@pytest.fixture
def call(people):
    return open_a_round(people.manager)


@pytest.fixture
def pilots(people, province, call):
    bureaus = (province.bureaus["bazhou"], province.bureaus["xinji"])
    return publish_pilots(people.manager, people.publisher, call, *bureaus)


def publish_year(people, pilot, year, number):
    reach(pilot, year, number, is_published=False)
    if not Reached.objects.filter(year=year, published_at__isnull=False).exists():
        save_summary(actor=people.manager, year=year, text=SUMMARY)
    return publish_summary(actor=people.publisher, year=year)


def rows_of(key, query=""):
    answer = ask(f"/open/v1/{key}{query}")
    assert answer.status_code == HTTPStatus.OK
    return answer.json()["rows"]


def test_what_each_promised_and_reached(people, pilots, call):
    publish_year(people, pilots[0], call.year, "11")

    rows = rows_of("pilot-achievement")

    # 13 with numbers and the two designated in words; what is only watched is nobody's business.
    assert len(rows) == 15
    second = next(row for row in rows if row["order"] == 2)
    assert (second["baseline"], second["target"], second["reached"]) == ("10", "11", "11")
    assert second["is_reached"]
    assert {row["city"] for row in rows} == {"廊坊市"}
    assert {row["name"]: row["city"] for row in rows_of("pilots")} == {
        "廊坊市霸州市": "廊坊市",
        "辛集市": "省直管",
    }


def test_both_datasets_say_alike_where_a_pilot_lies(people, pilots, call):
    for pilot in pilots:
        reach(pilot, call.year, "11", is_published=False)
    save_summary(actor=people.manager, year=call.year, text=SUMMARY)
    publish_summary(actor=people.publisher, year=call.year)

    lies = {row["pilot_id"]: row["city"] for row in rows_of("pilots")}

    assert {row["pilot_id"]: row["city"] for row in rows_of("pilot-achievement")} == lies


def test_what_comes_after_publication_is_told_to_who_asks_what_changed(people, pilots, call):
    with clock.playing(clock.now() - timedelta(days=30)):
        publish_year(people, pilots[0], call.year, "11")
    path = "/open/v1/pilot-achievement"
    first = ask(path)
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert ask(path, **since).status_code == HTTPStatus.NOT_MODIFIED

    publish_year(people, pilots[1], call.year, "12")

    again = ask(path, **since)
    assert again.status_code == HTTPStatus.OK
    assert again.json()["count"] == 2 * first.json()["count"]
    assert again["Last-Modified"] != first["Last-Modified"]


def test_a_target_changed_after_publication_is_told_too(people, pilots, call):
    with clock.playing(clock.now() - timedelta(days=30)):
        publish_year(people, pilots[0], call.year, "11")
    first = ask("/open/v1/pilot-achievement")
    goal = YearTarget.objects.get(target__pilot=pilots[0], target__order=2, year=call.year + 2)
    wish = ChangeInput(goal.pk, "12.5", "重点企业外迁。")
    change = ask_change(actor=people.filler, pilot_id=pilots[0].public_id, data=wish)
    told = {"change_id": change.public_id, "comment": "情况属实。"}
    review_change(actor=people.reviewer, supports=True, **told)
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert ask("/open/v1/pilot-achievement", **since).status_code == HTTPStatus.NOT_MODIFIED

    decide_change(actor=people.manager, approves=True, **told)

    assert ask("/open/v1/pilot-achievement", **since).status_code == HTTPStatus.OK


def test_nothing_unpublished_is_told_anywhere(people, province, pilots, call):
    """A drawn-up round, a pilot of no published list, figures and words of a year not published."""
    publish_year(people, pilots[0], call.year, "11")
    reach(pilots[0], call.year + 1, "777.7", is_published=False)
    save_summary(actor=people.manager, year=call.year + 1, text="未公布的总体情况。")
    drawn = draw_up_round(people.manager, title="秘密批次")
    other = open_a_round(people.manager, title="未公布名单的批次")
    application = apply_to(other, province.bureaus["jingxing"], ApplicationState.REVIEWED)
    hidden = begin_pilot(
        actor=people.publisher,
        application=application,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=1000),
    )
    reach(hidden, call.year, "888.8", is_published=False)

    keys = ("pilots", "pilot-rounds", "pilot-achievement")
    addresses = [
        *(f"/open/v1/{key}{ending}" for key in keys for ending in ("", ".csv")),
        *(reverse("opendata:public_dataset", args=[key]) for key in keys),
        *(reverse(f"opendata:public_{name}") for name in ("catalogue", "feed")),
        *(reverse("search:search") + f"?q={words}" for words in ("秘密", "井陉", "试点")),
        *(reverse("search:suggestions") + f"?q={words}" for words in ("秘密", "井陉", "试点")),
        reverse("reports:public_progress_years"),
        reverse("reports:public_progress", args=[call.year]),
    ]
    secrets = [
        *("777", "888", "未公布的总体情况", drawn.title, str(drawn.public_id)),
        *(str(hidden.public_id), str(hidden.application.public_id), f"{call.year + 1}年度创新型"),
    ]
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == HTTPStatus.OK, address
        text = answer.content.decode()
        assert [secret for secret in secrets if secret in text] == [], address
    unpublished = reverse("reports:public_progress", args=[call.year + 1])
    assert Client().get(unpublished).status_code == HTTPStatus.NOT_FOUND


def test_a_pilot_that_left_stays_with_its_state(people, pilots, call):
    before = ask("/open/v1/pilots")
    words = TermInput(
        PilotAct.WITHDRAW, "内部原因，不对外公开。", document_number="冀科函〔2026〕8号"
    )
    change_term(actor=people.manager, pilot_id=pilots[0].public_id, data=words)

    row = next(row for row in rows_of("pilots") if row["pilot_id"] == str(pilots[0].public_id))
    assert (row["state"], row["state_name"]) == ("withdrawn", "已退出")
    after = ask("/open/v1/pilots")
    assert after.json()["digest"] != before.json()["digest"]
    page = Client().get(row["page"]).content.decode()
    assert "已退出" in page
    for text in (after.content.decode(), page, Client().get("/programme/").content.decode()):
        assert "不对外公开" not in text
