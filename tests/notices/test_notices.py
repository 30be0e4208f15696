"""What one is told: once, in one's own inbox alone, read when followed."""

import pytest
from django.urls import reverse

from county_portal.notices.actions import Message, mark_all_read, mark_read, notify, quiet
from county_portal.notices.models import Notice
from county_portal.notices.selectors import count_unread, list_notices
from tests.factories.people import signed_in
from tests.indicators.browsing import questions, text

LIST = reverse("notices:list")


def message(key="k", **more):
    return Message(key, "sample", more.pop("title", f"通知{key}"), **more)


def test_the_same_thing_is_told_once(people):
    notify([people.lead, people.filler], message())
    notify([people.lead], message(title="又一次"))

    assert [notice.title for notice in list_notices(people.lead)] == ["通知k"]
    assert count_unread(people.filler) == 1


def test_the_past_is_played_quietly(people):
    with quiet():
        notify([people.lead], message())

    assert not Notice.objects.exists()


def test_reading_notes_the_first_time_only(people):
    notify([people.lead], message())
    first = mark_read(actor=people.lead, notice_id=list_notices(people.lead).get().public_id)
    read_at = Notice.objects.get(pk=first.pk).read_at

    mark_read(actor=people.lead, notice_id=first.public_id)

    assert Notice.objects.get(pk=first.pk).read_at == read_at
    assert count_unread(people.lead) == 0


def test_all_of_ones_own_are_marked_and_nobody_elses(people):
    for key in "abc":
        notify([people.lead, people.filler], message(key))

    assert mark_all_read(actor=people.lead) == 3
    assert (count_unread(people.lead), count_unread(people.filler)) == (0, 3)


def test_the_page_shows_ones_own_unread_first(people):
    for key in ("早", "晚"):
        notify([people.lead], message(key))
    notify([people.filler], message("别人的"))
    mark_read(
        actor=people.lead, notice_id=Notice.objects.get(recipient=people.lead, key="晚").public_id
    )

    page = signed_in(people.lead).get(LIST)

    assert [notice.key for notice in page.context["page"]] == ["早", "晚"]
    assert "1条未读" in text(page)
    assert "别人的" not in text(page)


def test_following_a_notice_reads_it(people):
    notify([people.lead], message(path="/indicators/submissions/"))
    notice = Notice.objects.get()
    client = signed_in(people.lead)

    answer = client.get(reverse("notices:open", args=[notice.public_id]))

    assert answer["Location"] == "/indicators/submissions/"
    assert count_unread(people.lead) == 0


@pytest.mark.parametrize(
    "path", ["", "//evil.example/", "https://evil.example/", "/\\evil.example"]
)
def test_a_notice_never_leads_out_of_the_portal(people, path):
    notify([people.lead], message(path=path))

    answer = signed_in(people.lead).get(
        reverse("notices:open", args=[Notice.objects.get().public_id])
    )

    assert answer["Location"] == LIST


@pytest.mark.parametrize("name", ["open", "read"])
def test_what_others_were_told_is_not_found(people, name):
    notify([people.lead], message())
    address = reverse(f"notices:{name}", args=[Notice.objects.get().public_id])
    client = signed_in(people.filler)

    assert (client.get if name == "open" else client.post)(address).status_code == 404
    assert count_unread(people.lead) == 1


def test_buttons_mark_one_and_all(people):
    for key in "abc":
        notify([people.lead], message(key))
    client = signed_in(people.lead)
    one = Notice.objects.filter(key="a").get()

    client.post(reverse("notices:read", args=[one.public_id]))
    assert count_unread(people.lead) == 2
    answer = client.post(reverse("notices:read_all"), follow=True)

    assert "已将2条通知标为已读" in text(answer)
    assert count_unread(people.lead) == 0


def test_the_navigation_counts_what_is_unread(people):
    client = signed_in(people.lead)
    assert "条未读" not in text(client.get(reverse("home:inbox")))

    notify([people.lead], message())

    assert "1 条未读" in text(client.get(reverse("home:inbox")))
    assert "通知k" in text(client.get(reverse("home:inbox")))


def test_more_notices_ask_no_more_questions(people):
    notify([people.lead], message())
    before = questions(people.lead, LIST)
    for number in range(12):
        notify([people.lead], message(str(number)))

    assert questions(people.lead, LIST) == before
