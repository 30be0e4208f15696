"""Accounts: edited, brought in by the workbook, listed out."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from county_portal.accounts.actions import NewAccount, PersonChange, edit_user
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, OfficeKind, Role
from county_portal.accounts.selectors import stamp_of
from county_portal.administration.actions.newcomers import drop_unshown_slips, take_on
from county_portal.administration.models import Newcomer
from county_portal.administration.sealing import make_pair, open_all
from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from tests.accounts.people import PASSWORD, make_office, make_user

pytestmark = pytest.mark.django_db

HEAD = ["登录名", "姓名", "岗位", "单位名称", "电话", "电子邮箱"]


@pytest.fixture
def admin():
    return make_user(Role.SYSTEM_ADMIN, login="admin")


@pytest.fixture
def browser(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def bureau():
    return make_office(Level.COUNTY, name="霸州市科学技术局")


def change_of(user, **values):
    said = {
        "display_name": user.display_name,
        "role": Role(user.role),
        "office": user.office,
        "phone": user.phone,
        "email": user.email,
        "stamp": stamp_of(user),
    }
    return PersonChange(**{**said, **values})


def edit(actor, user, **values):
    return edit_user(actor=actor, public_id=user.public_id, change=change_of(user, **values))


def workbook(*rows, head=HEAD, sheet="人员"):
    book = Workbook()
    book.active.title = sheet
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def upload(browser, content, name="人员.xlsx"):
    return browser.post(
        reverse("administration:people_upload"), {"file": SimpleUploadedFile(name, content)}
    )


# --- one account -----------------------------------------------------------------------------------


def test_another_post_ends_the_sessions_and_is_recorded_from_and_to(admin, client):
    user = make_user(Role.COUNTY_FILLER)
    client.force_login(user)

    edit(admin, user, role=Role.COUNTY_LEAD, phone="0316-1234567")

    event = Event.objects.get(act="edit_user")
    assert event.detail == {
        "login": user.login,
        "role": ["county_filler", "county_lead"],
        "phone": "changed",
    }
    assert client.get("/inbox/")["Location"].startswith("/login/")


def test_another_name_leaves_the_sessions(admin, client):
    user = make_user(Role.COUNTY_FILLER, display_name="王一")
    client.force_login(user)

    edit(admin, user, display_name="王二", email="a@example.gov.cn")

    user.refresh_from_db()
    assert (user.display_name, user.email) == ("王二", "a@example.gov.cn")
    detail = Event.objects.get(act="edit_user").detail
    assert (detail["display_name"], detail["email"]) == (["王一", "王二"], "changed")
    assert client.get("/inbox/").status_code == 200


def test_a_move_between_offices(admin):
    user, office = make_user(Role.COUNTY_FILLER), make_office(Level.COUNTY)
    before = user.office.name

    edit(admin, user, office=office)

    user.refresh_from_db()
    assert user.office == office
    assert Event.objects.get(act="edit_user").detail["office"] == [before, office.name]


def test_nothing_changed_is_nothing_recorded(admin):
    edit(admin, make_user(Role.COUNTY_FILLER))

    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "role, level, kind, code",
    [
        (Role.CITY_SIGNER, "county", OfficeKind.BUREAU, "role_level_mismatch"),
        (Role.COUNTY_PROVIDER, "county", OfficeKind.BUREAU, "role_office_mismatch"),
        (Role.CITY_UNIT, "city", OfficeKind.BUREAU, "role_office_mismatch"),
        (Role.CITY_REVIEWER, "city", OfficeKind.UNIT, "role_office_mismatch"),
    ],
)
def test_a_post_must_be_one_of_the_office(admin, role, level, kind, code):
    user = make_user(Role.COUNTY_FILLER)
    office = make_office(level, kind=kind)

    with pytest.raises(Invalid) as refusal:
        edit(admin, user, role=role, office=office)

    assert refusal.value.code == code
    user.refresh_from_db()
    assert user.role == Role.COUNTY_FILLER


def test_nobody_changes_his_own_post(admin):
    with pytest.raises(Invalid) as refusal:
        edit(admin, admin, role=Role.AUDITOR)

    assert refusal.value.code == "own_post"
    edit(admin, admin, display_name="新名")


def test_an_account_changed_meanwhile_is_not_overwritten(admin):
    user = make_user(Role.COUNTY_FILLER)
    seen = change_of(user, display_name="后来")
    edit(admin, user, display_name="先来")

    with pytest.raises(Stale):
        edit_user(actor=admin, public_id=user.public_id, change=seen)

    user.refresh_from_db()
    assert user.display_name == "先来"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_edits(role):
    user = make_user(Role.COUNTY_FILLER)

    with pytest.raises(NotAllowed):
        edit(make_user(role), user, display_name="别人")


def test_the_edit_page_keeps_what_was_typed_and_names_the_field(browser):
    user = make_user(Role.COUNTY_FILLER)
    url = reverse("administration:person_edit", args=[user.public_id])
    data = {
        "display_name": "新姓名",
        "role": "city_signer",
        "office": user.office.public_id,
        "stamp": stamp_of(user),
    }

    refused = browser.post(url, data)
    done = browser.post(url, {**data, "role": "county_lead"}, follow=True)

    assert refused.status_code == 422
    assert "岗位：" in refused.content.decode()
    assert 'value="新姓名"' in refused.content.decode()
    assert "已保存" in done.content.decode()
    user.refresh_from_db()
    assert (user.display_name, user.role) == ("新姓名", "county_lead")


def test_the_security_administrator_reads_and_does_not_edit(client):
    client.force_login(make_user(Role.SECURITY_ADMIN))
    user = make_user(Role.COUNTY_FILLER)

    page = client.get(reverse("administration:person", args=[user.public_id]))

    assert "修改</a>" not in page.content.decode()
    url = reverse("administration:person_edit", args=[user.public_id])
    assert client.get(url).status_code == 403


# --- many ------------------------------------------------------------------------------------------


def checked_of(page):
    return re.search(r'name="checked" value="([^"]+)"', page.content.decode())[1]


def confirm(browser, preview):
    """Confirm what was previewed and let a worker make the accounts; returns the page of the batch."""
    data = {"checked": checked_of(preview)}
    page = browser.post(reverse("administration:people_confirm"), data)
    runner.work(Job.objects.order_by("pk").last().pk)
    return page.url


def test_a_workbook_of_people_becomes_accounts_with_a_slip_each(browser, bureau):
    rows = [
        ["bazhou.wang", "王一", "填报员", bureau.name, 3161234567, "wang@example.gov.cn"],
        ["Bazhou.Li ", "李二", "负责人", bureau.name, None, None],
        [None] * 6,
    ]

    preview = upload(browser, workbook(*rows))
    assert preview.status_code == 200
    assert not User.objects.filter(office=bureau).exists()
    url = confirm(browser, preview)
    waiting = browser.get(url).content.decode()
    slips = browser.post(url)

    page = slips.content.decode()
    shown = dict(
        zip(
            re.findall(r"登录名</dt><dd><code>([^<]+)", page),
            re.findall(r"初始密码</dt><dd><code>([^<]+)", page),
            strict=True,
        )
    )
    people = {user.login: user for user in User.objects.filter(office=bureau)}
    assert "打开2张密码条" in waiting
    assert not any(secret in waiting for secret in shown.values())
    assert set(shown) == set(people) == {"bazhou.wang", "bazhou.li"}
    assert all(people[login].check_password(shown[login]) for login in shown)
    assert all(user.must_change_password for user in people.values())
    assert people["bazhou.wang"].phone == "3161234567"
    assert slips["Cache-Control"] == "private, no-store"
    events = list(Event.objects.all())
    assert [event.act for event in events].count("create_user") == 2
    assert not any(secret in str(event.detail) for event in events for secret in shown.values())


def test_slips_are_shown_once_and_nothing_of_them_is_left(browser, bureau):
    url = confirm(
        browser, upload(browser, workbook(["a.b.c", "甲", "填报员", bureau.name, "", ""]))
    )

    first, again = browser.post(url), browser.post(url)

    assert first.status_code == 200
    assert again.status_code == 409
    assert 'content="slips_shown"' in again.content.decode()
    assert "已经显示过" in browser.get(url).content.decode()
    assert not Newcomer.objects.exists()


def test_only_the_browser_that_confirmed_opens_the_slips(browser, admin, bureau):
    """What the database keeps meanwhile opens nothing, for another browser or a copy of it."""
    url = confirm(
        browser, upload(browser, workbook(["a.b.c", "甲", "填报员", bureau.name, "", ""]))
    )
    kept = Newcomer.objects.get()
    other, stranger = Client(), Client()
    other.force_login(admin)
    stranger.force_login(make_user(Role.SYSTEM_ADMIN))

    refused = other.post(url)

    assert (refused.status_code, stranger.get(url).status_code) == (422, 404)
    assert 'content="slips_key"' in refused.content.decode()
    assert kept.password_hash == ""
    assert open_all([kept.sealed], make_pair().private) is None
    assert browser.post(url).status_code == 200


def test_slips_nobody_opened_are_dropped_after_an_hour(browser, bureau):
    url = confirm(
        browser, upload(browser, workbook(["a.b.c", "甲", "填报员", bureau.name, "", ""]))
    )

    assert drop_unshown_slips() == 0
    with clock.playing(clock.now() + timedelta(minutes=61)):
        refused = browser.post(url)
        assert drop_unshown_slips() == 1

    assert 'content="slips_expired"' in refused.content.decode()
    assert User.objects.filter(login="a.b.c").exists()
    assert not Newcomer.objects.exists()


def test_confirming_again_makes_nobody_and_shows_no_password(browser, bureau):
    preview = upload(browser, workbook(["a.b.c", "甲", "填报员", bureau.name, "", ""]))
    confirm(browser, preview)

    url = confirm(browser, preview)

    page = browser.get(url).content.decode()
    assert "登录名“a.b.c”已被使用" in page
    assert "一个账号也没有建立" in page
    assert browser.post(url).status_code == 409
    assert User.objects.filter(login="a.b.c").count() == 1


def test_everything_wrong_is_named_at_once_by_its_cell(browser, admin, bureau):
    rows = [
        ["AB", "", "填报", "没有的局", "", "不是邮箱"],
        ["admin", "=cmd|' /C calc'!A0", "市级审核员", bureau.name, "", ""],
        ["same", "甲", "部门数据员", bureau.name, "+86", ""],
        ["same", "乙" * 61, "填报员", bureau.name, "", ""],
        ["good.one", "丙", "填报员", bureau.name, "", ""],
    ]
    # openpyxl would make the second a formula; as typed text it is a string.
    content = workbook(*rows)
    book = load_workbook(io.BytesIO(content))
    book.active["B3"].data_type = "s"
    kept = io.BytesIO()
    book.save(kept)

    page = upload(browser, kept.getvalue())

    text = page.content.decode()
    places = re.findall(r'<th scope="row">([A-F]\d+)</th>', text)
    assert page.status_code == 422
    assert set(places) == {"A2", "B2", "C2", "D2", "F2", "A3", "B3", "C3", "A4", "C4", "E4"} | {
        "A5",
        "B5",
    }
    assert not User.objects.filter(office=bureau).exists()


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "people_file_damaged"),
        (b"PK\x03\x04 not a zip", "people_file_damaged"),
        (workbook(["a"], sheet="别的"), "people_not_template"),
        (workbook(["a"], head=HEAD[:5]), "people_not_template"),
        (workbook(["a"], head=[HEAD[1], HEAD[0], *HEAD[2:]]), "people_not_template"),
        (workbook(), "people_none"),
        (workbook(["=1+1", "甲", "填报员", "局", "", ""]), "people_formula"),
        (workbook(*([f"p{n:03}", "甲", "填报员", "局", "", ""] for n in range(201))), "200人"),
    ],
    ids=["empty", "broken", "sheet", "column", "order", "nobody", "formula", "many"],
)
def test_a_file_that_is_none_of_ours_is_refused_in_words(browser, content, code):
    from county_portal.administration.people_workbook import read_people

    with pytest.raises(Invalid) as refusal:
        read_people(content)
    page = upload(browser, content)

    assert code == refusal.value.code or code in refusal.value.sentence
    assert page.status_code == 422
    assert refusal.value.sentence.split("。")[0] in page.content.decode().replace("&quot;", '"')


@pytest.mark.parametrize("tamper", ["", "nonsense", "swap"])
def test_only_what_this_person_was_shown_is_made(browser, client, bureau, tamper):
    preview = upload(browser, workbook(["a.b.c", "甲", "填报员", bureau.name, "", ""]))
    text = checked_of(preview)
    if tamper == "swap":
        client.force_login(make_user(Role.SYSTEM_ADMIN))
    else:
        text = tamper

    page = client.post(reverse("administration:people_confirm"), {"checked": text})

    assert page.status_code == 422
    assert 'content="preview_expired"' in page.content.decode()
    assert not User.objects.filter(login="a.b.c").exists()


def test_one_that_cannot_be_made_undoes_all(admin, bureau):
    accounts = [
        NewAccount(login, "甲", Role.COUNTY_FILLER, bureau) for login in ("free.one", "taken")
    ]
    take_on(actor=admin, accounts=accounts)
    make_user(login="taken")
    job = Job.objects.get()

    runner.work(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "登录名“taken”已被使用，请换一个。")
    assert not User.objects.filter(login="free.one").exists()
    assert not Event.objects.filter(act="create_user").exists()
    assert not Newcomer.objects.exists()


def test_checking_takes_the_same_queries_for_one_and_for_many(
    browser, bureau, django_assert_num_queries
):
    from county_portal.administration.importing import check_people
    from county_portal.administration.people_workbook import read_people

    rows = [[f"p.{n:03}", "甲", "填报员", bureau.name, "", ""] for n in range(100)]
    for count in (1, 100):
        people = read_people(workbook(*rows[:count]))
        with django_assert_num_queries(2):
            assert len(check_people(people).accounts) == count


def test_the_template_names_posts_and_offices_and_reads_back_as_empty(browser, bureau):
    content = browser.get(reverse("administration:people_template")).content

    book = load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book["人员"][1]] == HEAD
    assert bureau.name in [row[0].value for row in book["单位"]]
    assert "填报员" in [row[0].value for row in book["岗位"]]


# --- the list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query, found",
    [
        ("role=county_lead", {"lead"}),
        ("level=city", {"signer"}),
        ("state=disabled", {"gone"}),
        ("state=initial", {"fresh"}),
        ("q=sig&state=active", {"signer"}),
        ("state=nonsense", {"lead", "signer", "gone", "fresh", "seen", "admin"}),
    ],
)
def test_the_list_and_its_export_are_filtered_alike(browser, query, found):
    make_user(Role.COUNTY_LEAD, login="lead")
    make_user(Role.CITY_SIGNER, login="signer")
    make_user(Role.COUNTY_FILLER, login="gone", is_active=False)
    make_user(Role.COUNTY_FILLER, login="fresh", must_change_password=True)
    seen = make_user(Role.COUNTY_FILLER, login="seen")
    seen.last_login = seen.created_at
    seen.save()

    page = browser.get(f"{reverse('accounts:users')}?{query}").content.decode()
    content = browser.get(f"{reverse('administration:people_export')}?{query}").content

    listed = set(re.findall(r'/system/people/[0-9a-f-]{36}/">([^<]+)</a>', page))
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3, values_only=True))
    assert listed == found
    assert {row[0] for row in rows} == found


def test_an_export_holds_no_formula(browser):
    make_user(Role.COUNTY_LEAD, login="lead", display_name="=1+1")

    content = browser.get(reverse("administration:people_export")).content

    cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells)
    assert PASSWORD not in str([cell.value for cell in cells])
