"""The daily mail: real SMTP, one a person and day, and what happens when the server misbehaves."""

import smtplib
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.notices import digests
from county_portal.notices.actions import Message, change_mail, mark_all_read, notify
from county_portal.notices.digests import Sent, send_digests
from county_portal.notices.models import MailDigest
from county_portal.settings.environment import MailServer
from county_portal.settings.environment import mail_server as read_url
from tests.factories.people import signed_in
from tests.indicators.browsing import text
from tests.notices.mailbox import mail_server

SETTINGS = reverse("notices:settings")


@pytest.fixture
def box(settings):
    """A mail server the portal is configured for."""
    with mail_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_CONFIGURED, settings.EMAIL_TIMEOUT = True, 5
        settings.PORTAL_URL = "https://portal.example.gov.cn"
        yield made


def addressed(person, address="li@example.gov.cn"):
    change_mail(actor=person, email=address, is_wanted=True)
    return person


def tell(person, key="k", title="霸州市填报表已被退回", body="第4项与年报不一致。"):
    notify([person], Message(key, "sample", title, body, "/indicators/submissions/"))


def tomorrow():
    return clock.playing(clock.now() + timedelta(days=1))


def test_one_mail_names_titles_and_links_alone(people, box):
    tell(addressed(people.lead), "a")
    tell(people.lead, "b", "收到批注")

    assert send_digests() == Sent(sent=1)

    ((_, recipient, mail),) = box.mails
    body = mail.get_content()
    assert recipient.endswith("<li@example.gov.cn>")
    assert "2条" in mail["Subject"]
    assert "霸州市填报表已被退回" in body
    assert "收到批注" in body
    assert "第4项" not in body
    assert body.count("https://portal.example.gov.cn/notices/") == 3


def test_a_second_run_sends_nothing(people, box):
    tell(addressed(people.lead))
    send_digests()
    tell(people.lead, "later")

    assert send_digests() == Sent(untouched=1)
    assert len(box.mails) == 1


def test_the_next_day_brings_what_came_since(people, box):
    tell(addressed(people.lead))
    send_digests()
    with tomorrow():
        assert send_digests() == Sent()
        tell(people.lead, "new", "新的一条")
        assert send_digests() == Sent(sent=1)

    assert "新的一条" in box.mails[1][2].get_content()
    assert "霸州市填报表已被退回" not in box.mails[1][2].get_content()


def test_who_gets_none(people, box):
    """Without an address, switched off, disabled, or everything read already."""
    tell(people.filler)
    change_mail(actor=people.lead, email="li@example.gov.cn", is_wanted=False)
    tell(people.lead)
    tell(addressed(people.reviewer))
    mark_all_read(actor=people.reviewer)
    tell(addressed(people.manager))
    people.manager.is_active = False
    people.manager.save()

    assert send_digests() == Sent()
    assert box.mails == []


def test_a_refused_mail_is_tried_again_and_the_others_go(people, box):
    tell(addressed(people.lead))
    box.to_recipient = "450 mailbox busy"
    assert send_digests() == Sent(failed=1)
    assert "450" in MailDigest.objects.get().error

    box.to_recipient = "250 ok"

    assert send_digests() == Sent(sent=1)
    assert MailDigest.objects.get().error == ""


def test_a_broken_line_is_not_tried_again_the_same_day(people, box):
    """Nobody knows whether the mail was taken: twice would be worse than tomorrow."""
    tell(addressed(people.lead))
    box.hangs_up = True
    assert send_digests() == Sent(untouched=1)
    box.hangs_up = False

    assert send_digests() == Sent(untouched=1)
    assert box.mails == []
    with tomorrow():
        assert send_digests() == Sent(sent=1)


def test_a_run_that_died_while_sending_is_not_repeated(people, box):
    tell(addressed(people.lead))
    MailDigest.objects.create(
        recipient=people.lead, on=clock.today(), notices=1, error=digests.SENDING
    )

    assert send_digests() == Sent(untouched=1)
    assert box.mails == []


def test_a_server_that_is_away_leaves_everything_for_the_next_run(people, box, settings):
    tell(addressed(people.lead))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_digests() == Sent(failed=1)
    assert not MailDigest.objects.exists()

    settings.EMAIL_PORT = port

    assert send_digests() == Sent(sent=1)


def test_without_a_server_nothing_is_tried(people, capsys):
    tell(addressed(people.lead))

    call_command("send_digests")

    assert "没有配置邮件服务器" in capsys.readouterr().out
    assert not MailDigest.objects.exists()


# --- settings ------------------------------------------------------------------------------------


def test_one_sets_ones_own_address_and_switches_mail_off(people):
    client = signed_in(people.lead)
    client.post(SETTINGS, {"email": "li@example.gov.cn"})

    people.lead.refresh_from_db()
    assert people.lead.email == "li@example.gov.cn"
    assert not client.get(SETTINGS).context["form"].initial["is_wanted"]
    acts = list(Event.objects.filter(actor_id=people.lead.pk).values_list("act", flat=True))
    assert acts == ["change_email", "change_mail"]
    # The record outlives the account: it names the change, not the address.
    assert "example" not in str(list(Event.objects.values_list("detail", flat=True)))


def test_an_address_that_is_none_is_refused_in_words(people):
    answer = signed_in(people.lead).post(SETTINGS, {"email": "李负责"})

    assert answer.status_code == 422
    assert "邮箱地址无效" in text(answer)


@pytest.mark.parametrize(
    "url, server",
    [
        ("", MailServer()),
        ("smtp://mail.gov.cn", MailServer("mail.gov.cn", 25)),
        ("smtp+tls://u%40x:p%3A1@m:2525", MailServer("m", 2525, "u@x", "p:1", starts_tls=True)),
        ("smtps://u:p@m", MailServer("m", 465, "u", "p", is_ssl=True)),
    ],
)
def test_the_servers_address_is_read(url, server):
    assert read_url(url) == server


@pytest.mark.parametrize("url", ["mail.gov.cn", "http://mail.gov.cn", "smtp://"])
def test_an_address_that_means_nothing_stops_the_start(url):
    with pytest.raises(ValueError, match="EMAIL_URL"):
        read_url(url)


def test_the_server_of_these_tests_speaks_smtp(box):
    """Lest the tests above pass with a server that takes anything."""
    with smtplib.SMTP("127.0.0.1", box.port) as line:
        assert line.noop()[0] == 250
