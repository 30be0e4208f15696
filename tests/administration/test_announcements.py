"""Announcements: drafted, published, replaced, withdrawn; who reads them, and who has."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.administration.actions import announcements as acts
from county_portal.administration.actions.announcements import Wording
from county_portal.administration.models import Announcement, Receipt
from county_portal.administration.selectors.announcements import (
    list_current,
    list_readable,
    readings,
)
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.search.matching import Query
from county_portal.search.papers import find_announcements
from tests.accounts.people import make_user
from tests.factories.people import signed_in
from tests.files.samples import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.PROVINCE_MANAGER)


def wording(audience="everyone", **values):
    values = {
        "title": "系统维护",
        "text": "周六停机。\n请提前保存。",
        "from_on": clock.today(),
    } | values
    return Wording(audience=audience, **values)


def draft(manager, audience="everyone", **values):
    return acts.draft(actor=manager, wording=wording(audience, **values))


def published(manager, audience="everyone", **values):
    made = draft(manager, audience, **values)
    return acts.publish(actor=manager, public_id=made.public_id, revision=0)


def in_state(manager, state):
    made = draft(manager) if state == "draft" else published(manager)
    if state == "withdrawn":
        acts.withdraw(actor=manager, public_id=made.public_id, reason="有误")
    if state == "replaced":
        new = acts.begin_version(actor=manager, public_id=made.public_id)
        acts.publish(actor=manager, public_id=new.public_id, revision=0)
    made.refresh_from_db()
    assert made.state == state
    return made


ACTS = {
    "reword": lambda who, row: acts.reword(
        actor=who, public_id=row.public_id, wording=wording(title="改"), revision=0
    ),
    "publish": lambda who, row: acts.publish(actor=who, public_id=row.public_id, revision=0),
    "discard": lambda who, row: acts.discard(actor=who, public_id=row.public_id),
    "withdraw": lambda who, row: acts.withdraw(actor=who, public_id=row.public_id, reason="有误"),
    "renew": lambda who, row: acts.begin_version(actor=who, public_id=row.public_id),
    "attach": lambda who, row: acts.attach(
        actor=who, public_id=row.public_id, upload=SimpleUploadedFile("a.pdf", PDF)
    ),
}
# By hand: what may be done in which state.
ALLOWED = {
    "draft": {"reword", "publish", "discard", "attach"},
    "published": {"withdraw", "renew"},
    "withdrawn": {"renew"},
    "replaced": set(),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_be_done_in_which_state(manager, state, act):
    row = in_state(manager, state)
    if act in ALLOWED[state]:
        ACTS[act](manager, row)
        return
    events = Event.objects.count()
    with pytest.raises(Stale), transaction.atomic():
        ACTS[act](manager, row)
    assert Event.objects.count() == events


@pytest.mark.parametrize("act", ACTS)
def test_only_the_manager_acts(manager, act):
    row = draft(manager)

    for role in set(Role) - {Role.PROVINCE_MANAGER}:
        with pytest.raises(NotAllowed):
            ACTS[act](make_user(role), row)


# By hand: who reads what.
@pytest.mark.parametrize(
    "audience, values, readers, others",
    [
        ("everyone", {}, [Role.COUNTY_FILLER, Role.AUDITOR], [None]),
        ("public", {}, [Role.COUNTY_FILLER, None], []),
        (
            *("levels", {"levels": ["county", "city"]}),
            *([Role.COUNTY_LEAD, Role.CITY_SIGNER], [Role.PROVINCE_CHECKER, None]),
        ),
        (
            *("posts", {"roles": [Role.COUNTY_LEAD]}),
            *([Role.COUNTY_LEAD], [Role.COUNTY_FILLER, Role.PROVINCE_MANAGER, None]),
        ),
    ],
)
def test_who_reads_it(manager, audience, values, readers, others):
    row = published(manager, audience, **values)
    url = reverse("announcements:announcement", args=[row.public_id])
    public_url = reverse("announcements:public_announcement", args=[row.public_id])

    for role in (*readers, *others):
        user = make_user(role) if role else None
        meant = role in readers
        assert (row in list_readable(user)) is meant
        assert (row in list_current(user)) is meant
        assert bool(list(find_announcements(user, Query.of("维护")))) is meant
        assert bool(list(find_announcements(user, Query.of("停机")))) is meant
        if user:
            assert signed_in(user).get(url).status_code == (200 if meant else 404)
        else:
            assert Client().get(public_url).status_code == (200 if meant else 404)


def test_its_days_are_kept(manager):
    day = clock.today()
    later = published(manager, from_on=day + timedelta(days=1))
    over = published(manager, from_on=day - timedelta(days=9), until_on=day)
    reader = make_user(Role.COUNTY_FILLER)

    assert over in list_current(reader)
    assert later not in list_readable(reader)
    Announcement.objects.filter(pk=over.pk).update(until_on=day - timedelta(days=1))
    assert list_current(reader) == []
    assert over in list_readable(reader)


def test_a_new_version_takes_the_old_ones_place_only_when_published(manager):
    old = published(manager)
    new = acts.begin_version(actor=manager, public_id=old.public_id)
    reader = make_user(Role.COUNTY_FILLER)

    assert list_current(reader) == [old]
    with pytest.raises(Stale):
        acts.begin_version(actor=manager, public_id=old.public_id)
    acts.reword(
        actor=manager, public_id=new.public_id, wording=wording(text="改在周日。"), revision=0
    )
    acts.publish(actor=manager, public_id=new.public_id, revision=1)
    old.refresh_from_db()

    assert list_current(reader) == [new]
    assert (old.state, old.text) == ("replaced", "周六停机。\n请提前保存。")


def test_a_stale_page_neither_saves_nor_publishes(manager):
    row = draft(manager)
    acts.reword(actor=manager, public_id=row.public_id, wording=wording(title="一"), revision=0)

    with pytest.raises(Stale):
        acts.reword(actor=manager, public_id=row.public_id, wording=wording(title="二"), revision=0)
    with pytest.raises(Stale):
        acts.publish(actor=manager, public_id=row.public_id, revision=0)
    row.refresh_from_db()
    assert (row.title, row.state) == ("一", "draft")


@pytest.mark.parametrize(
    "values, code",
    [
        ({"title": "  "}, "title_missing"),
        ({"text": " \n "}, "text_missing"),
        ({"audience": "levels"}, "levels_missing"),
        ({"audience": "posts"}, "roles_missing"),
        ({"until_on": clock.today() - timedelta(days=1)}, "until_before_from"),
    ],
)
def test_what_makes_no_sense_is_refused(manager, values, code):
    with pytest.raises(Invalid) as refusal:
        draft(manager, **values)

    assert refusal.value.code == code
    assert not Announcement.objects.exists()


def test_one_that_is_over_is_not_published(manager):
    day = clock.today()
    row = draft(manager, from_on=day - timedelta(days=2), until_on=day - timedelta(days=1))

    with pytest.raises(Invalid) as refusal:
        acts.publish(actor=manager, public_id=row.public_id, revision=0)
    assert refusal.value.code == "announcement_over"


def test_blank_reason_withdraws_nothing(manager):
    row = published(manager)
    answer = signed_in(manager).post(
        reverse("administration:announcement_withdraw", args=[row.public_id]), {"reason": "  "}
    )

    row.refresh_from_db()
    assert answer.status_code == 422
    assert row.state == "published"


@pytest.mark.parametrize(
    "values",
    [
        {"state": "withdrawn"},
        {"state": "published"},
        {"audience": "levels"},
        {"roles": ["auditor"]},
    ],
)
def test_the_database_refuses_what_must_never_be(manager, values):
    row = draft(manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=row.pk).update(**values)


def test_opening_is_kept_once_and_counted_by_office(manager):
    row = published(manager, "posts", roles=[Role.COUNTY_FILLER, Role.COUNTY_LEAD])
    reader = make_user(Role.COUNTY_FILLER)
    make_user(Role.COUNTY_LEAD, office=reader.office)
    url = reverse("announcements:announcement", args=[row.public_id])
    browser = signed_in(reader)
    assert not list_current(reader)[0].is_read

    browser.get(url)
    browser.get(url)

    assert Receipt.objects.get().reader == reader
    assert list_current(reader)[0].is_read
    mine = next(each for each in readings(row) if each.office == reader.office.name)
    assert (mine.read, mine.people) == (1, 2)


def test_a_file_is_checked_and_only_its_readers_have_it(manager):
    row = draft(manager, "posts", roles=[Role.COUNTY_LEAD])
    browser = signed_in(manager)
    url = reverse("administration:announcement_attach", args=[row.public_id])

    wrong = browser.post(url, {"file": SimpleUploadedFile("a.pdf", b"MZ-no-pdf")})
    right = browser.post(url, {"file": SimpleUploadedFile("说明.pdf", PDF)})
    acts.publish(actor=manager, public_id=row.public_id, revision=0)
    file = row.files.get()
    address = reverse("announcements:file", args=[row.public_id, file.public_id])
    public = reverse("announcements:public_file", args=[row.public_id, file.public_id])

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert signed_in(make_user(Role.COUNTY_LEAD)).get(address).status_code == 200
    assert signed_in(make_user(Role.COUNTY_FILLER)).get(address).status_code == 404
    assert Client().get(public).status_code == 404
    with pytest.raises(Stale):
        acts.detach(actor=manager, public_id=row.public_id, file_id=file.public_id)


def test_the_whole_way_in_the_browser(manager):
    browser = signed_in(manager)
    sent = {
        "title": "申报通知<b>",
        "text": "一段\n二段",
        "audience": "public",
        "from_on": f"{clock.today():%Y-%m-%d}",
    }
    refused = browser.post(reverse("administration:announcement_new"), sent | {"title": ""})
    made = browser.post(reverse("administration:announcement_new"), sent)
    row = Announcement.objects.get()
    edited = browser.post(
        reverse("administration:announcement_edit", args=[row.public_id]),
        sent | {"text": "改过", "revision": "0", "is_pinned": "on"},
    )
    stale = browser.post(
        reverse("administration:announcement_edit", args=[row.public_id]),
        sent | {"revision": "0"},
    )
    browser.post(
        reverse("administration:announcement_publish", args=[row.public_id]), {"revision": "1"}
    )

    codes = [each.status_code for each in (refused, made, edited, stale)]
    assert codes == [422, 302, 302, 409]
    assert "申报通知&lt;b&gt;" in Client().get("/").content.decode()
    assert "申报通知&lt;b&gt;" in browser.get(reverse("home:inbox")).content.decode()
    for name in ("administration:announcements", "announcements:board"):
        assert "申报通知" in browser.get(reverse(name)).content.decode()
    assert "申报通知" in Client().get(reverse("announcements:public_board")).content.decode()
    managed = browser.get(reverse("administration:announcement", args=[row.public_id]))
    assert "阅读情况" in managed.content.decode()


def test_lists_take_the_same_queries_for_many(manager):
    published(manager)
    reader = make_user(Role.COUNTY_FILLER)
    pages = [
        (signed_in(reader), reverse("announcements:board")),
        (signed_in(manager), reverse("administration:announcements")),
    ]
    counts = []
    for many in (0, 4):
        for _ in range(many):
            published(manager)
        for browser, url in pages:
            browser.get(url)
            with CaptureQueriesContext(
                connection,
            ) as taken:
                browser.get(url)
            counts.append(len(taken))

    assert counts[:2] == counts[2:]


def test_one_that_is_over_is_not_called_published(manager):
    made = published(manager, until_on=clock.today())

    assert made.standing_words == "发布中"
    with clock.playing(clock.now() + timedelta(days=1)):
        assert made.standing_words == "已到期"
    with clock.playing(clock.now() - timedelta(days=1)):
        assert made.standing_words == "待生效"
