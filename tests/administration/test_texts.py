"""Official texts: worded anew with every name in its place, looked at beforehand, restored."""

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.administration.actions.texts import Rewording, restore_text, reword_text
from county_portal.administration.models import TextVersion
from county_portal.administration.placeholders import preview_of, require_known
from county_portal.administration.selectors.texts import get_text, text_names
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.wording import fill_template
from tests.accounts.people import make_user
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db

OTHERS = set(Role) - {Role.PROVINCE_MANAGER}


@pytest.fixture
def manager():
    return make_user(Role.PROVINCE_MANAGER)


def reword(actor, text, name="report", reason="厅务会意见", seen=None):
    seen = get_text(name).digest if seen is None else seen
    return reword_text(actor=actor, name=name, rewording=Rewording(text, reason, seen))


@pytest.mark.parametrize("name", text_names())
def test_every_shipped_text_passes_its_own_rules(name):
    shipped = get_text(name).shipped

    require_known(shipped.body, shipped)
    shown = preview_of(shipped.body, shipped)
    assert shown.blocks
    assert shown.problems == []
    assert shipped.title.endswith("样文")


def test_a_new_wording_is_what_documents_begin_with(manager):
    before = fill_template("report.txt", {"year": 2026})
    first = get_text("report").digest
    reword(manager, "现将{{ year }}年情况报告如下。")

    assert fill_template("report.txt", {"year": 2026}) == "现将2026年情况报告如下。"
    event = Event.objects.filter(act="reword_text").last()
    assert event.detail["digest"] == [first, get_text("report").digest]
    restore_text(
        actor=manager, name="report", number=0, reason="试用结束", seen=get_text("report").digest
    )
    assert fill_template("report.txt", {"year": 2026}) == before
    restore_text(
        actor=manager, name="report", number=1, reason="再用", seen=get_text("report").digest
    )
    assert fill_template("report.txt", {"year": 2026}) == "现将2026年情况报告如下。"
    assert list(TextVersion.objects.values_list("number", flat=True)) == [3, 2, 1]


@pytest.mark.parametrize(
    "name, text, code, said",
    [
        ("report", "{{ year }}年，{{ moeny }}", "text_unknown", "moeny"),
        ("report", "没有年份。", "text_missing", "year"),
        ("report", "{{ year }}{% include 'letter.txt' %}", "text_syntax", "include"),
        ("report", "{{ year }}{% load static %}", "text_syntax", "load"),
        ("report", "{{ year|center:99999999 }}", "text_syntax", "center"),
        ("report", "{{ year.__class__ }}", "text_syntax", "__class__"),
        ("report", "{{ year }}{% if office %}", "text_syntax", "成对"),
        ("report", "{{ year }}{% endif %}", "text_syntax", "成对"),
        ("report", "{{ year }}\n【表：名单】", "text_unknown", "名单"),
    ],
)
def test_what_documents_cannot_be_is_refused_by_name(manager, name, text, code, said):
    with pytest.raises(Invalid) as refusal:
        reword(manager, text, name)

    assert refusal.value.code == code
    assert said in refusal.value.sentence
    assert not TextVersion.objects.exists()


def test_a_table_and_a_line_of_a_loop_may_not_get_lost(manager):
    decision = get_text("acceptance_decision").body.replace("【表：考核指标完成情况】\n", "")
    letter = get_text("recommendation_letter").body.replace("{{ county.reasons }}", "")

    for name, text, said in (
        ("acceptance_decision", decision, "考核指标完成情况"),
        ("recommendation_letter", letter, "counties.reasons"),
    ):
        with pytest.raises(Invalid) as refusal:
            reword(manager, text, name)
        assert refusal.value.code == "text_missing"
        assert said in refusal.value.sentence


def test_a_stale_page_and_the_same_words_change_nothing(manager):
    old = get_text("report").digest
    reword(manager, "{{ year }}年甲。")

    with pytest.raises(Stale):
        reword(manager, "{{ year }}年乙。", seen=old)
    with pytest.raises(Invalid, match="text_same"):
        reword(manager, "{{ year }}年甲。\r\n")
    with pytest.raises(Invalid, match="reason_missing"):
        reword(manager, "{{ year }}年丙。", reason="  ")
    assert get_text("report").body == "{{ year }}年甲。\n"


def test_what_was_in_force_is_never_lost(manager):
    reword(manager, "{{ year }}年甲。")

    for statement in (
        "UPDATE administration_textversion SET text='x'",
        "DELETE FROM administration_textversion",
    ):
        with pytest.raises(Error, match="append_only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_only_who_keeps_texts_may(manager):
    for role in OTHERS:
        with pytest.raises(NotAllowed):
            reword(make_user(role), "{{ year }}年。")
    assert (
        signed_in(make_user(Role.AUDITOR)).get(reverse("administration:texts")).status_code == 403
    )


def test_the_page_previews_saves_and_restores(manager):
    browser = signed_in(manager)
    url = reverse("administration:text", args=["report"])
    sent = {"text": "{{ year }}年<b>新</b>。", "reason": "修订", "seen": get_text("report").digest}

    assert "报告" in browser.get(reverse("administration:texts")).content.decode()
    shown = browser.post(url, sent | {"preview": "1"}).content.decode()
    assert "〔年份〕年&lt;b&gt;新&lt;/b&gt;。" in shown
    assert not TextVersion.objects.exists()
    wrong = browser.post(url, sent | {"text": "{{ nothing }}"})
    assert wrong.status_code == 422
    assert "{{ nothing }}" in wrong.content.decode()
    assert browser.post(url, sent).status_code == 302
    assert browser.post(url, sent).status_code == 409
    back = {"number": "0", "reason": "恢复", "seen": get_text("report").digest}
    restore = reverse("administration:text_restore", args=["report"])
    assert browser.post(restore, back | {"reason": ""}).status_code == 422
    assert browser.post(restore, back | {"number": "77"}).status_code == 422
    assert browser.post(restore, back).status_code == 302
    assert not get_text("report").is_reworded
    assert browser.get(reverse("administration:text", args=["nothing"])).status_code == 404
