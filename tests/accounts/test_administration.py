import uuid

import pytest
from axes.models import AccessAttempt
from django.db import IntegrityError, transaction
from django.urls import reverse

from county_portal.accounts import actions
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import get_user, list_users
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed
from tests.accounts.people import PASSWORD, make_office, make_user

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role not in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}]


@pytest.fixture
def manager():
    return make_user(Role.SYSTEM_ADMIN, login="manager")


@pytest.fixture
def security():
    return make_user(Role.SECURITY_ADMIN, login="security")


def account(**values):
    values = {"login": "new.user", "display_name": "新人", "role": Role.COUNTY_FILLER, **values}
    values.setdefault("office", make_office("county"))
    return actions.NewAccount(**values)


def form_data(**values):
    return {
        "login": "new.user",
        "display_name": "新人",
        "role": "county_filler",
        "office": make_office("county").public_id,
        "phone": "",
        **values,
    }


def test_a_new_account_starts_with_a_one_time_password(manager):
    user, password = actions.create_user(actor=manager, account=account(phone="0312-1234567"))

    assert user.check_password(password)
    assert user.must_change_password
    event = Event.objects.get(act="create_user")
    assert (event.actor_login, event.object_id) == ("manager", str(user.public_id))
    assert password not in str(event.detail)


def test_a_login_exists_once_in_any_spelling(manager):
    make_user(login="taken")

    with pytest.raises(Invalid) as refusal:
        actions.create_user(actor=manager, account=account(login=" Taken"))

    assert (refusal.value.code, refusal.value.field) == ("login_taken", "login")
    assert not Event.objects.exists()


def test_the_database_itself_knows_one_spelling():
    make_user(login="taken")

    with pytest.raises(IntegrityError, match="user_login_unique_any_case"), transaction.atomic():
        make_user(login="TAKEN")


@pytest.mark.parametrize(
    "role, level, fits",
    [
        ("county_filler", "county", True),
        ("county_filler", "city", False),
        ("city_reviewer", "county", False),
        ("city_reviewer", "city", True),
        ("province_publisher", "city", False),
        ("auditor", "province", True),
    ],
)
def test_a_post_belongs_to_the_level_of_its_office(manager, role, level, fits):
    new = account(role=Role(role), office=make_office(level))

    if fits:
        assert actions.create_user(actor=manager, account=new)[0].role == role
    else:
        with pytest.raises(Invalid, match="role_level_mismatch"):
            actions.create_user(actor=manager, account=new)


def test_a_reset_ends_the_old_password_and_its_sessions(client, manager):
    user = make_user()
    client.force_login(user)

    _, password = actions.reset_password(actor=manager, public_id=user.public_id)

    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(PASSWORD)
    assert user.must_change_password
    assert client.get("/inbox/")["Location"].startswith("/login/")
    assert Event.objects.get(act="reset_password").actor_login == "manager"


def test_disabling_and_enabling_are_recorded_with_before_and_after(security):
    user = make_user()

    actions.set_active(actor=security, public_id=user.public_id, active=False)
    user.refresh_from_db()
    assert not user.is_active
    assert user.permissions == frozenset()
    actions.set_active(actor=security, public_id=user.public_id, active=True)

    details = [event.detail["active"] for event in Event.objects.filter(act="set_active")]
    assert details == [[True, False], [False, True]]


def test_nobody_disables_oneself(security):
    with pytest.raises(Invalid, match="own_account"):
        actions.set_active(actor=security, public_id=security.public_id, active=False)


def test_unlocking_forgets_failed_logins(client, security):
    user = make_user(login="victim")
    for _ in range(5):
        client.post("/login/", {"login": "victim", "password": "x"})
    assert AccessAttempt.objects.filter(username="victim").exists()

    actions.unlock(actor=security, public_id=user.public_id)

    assert client.post("/login/", {"login": "victim", "password": PASSWORD}).status_code == 302


ACTS = {
    "create": (
        Role.SYSTEM_ADMIN,
        lambda actor, user: actions.create_user(actor=actor, account=account()),
    ),
    "reset": (
        Role.SYSTEM_ADMIN,
        lambda actor, user: actions.reset_password(actor=actor, public_id=user.public_id),
    ),
    "disable": (
        Role.SECURITY_ADMIN,
        lambda actor, user: actions.set_active(actor=actor, public_id=user.public_id, active=False),
    ),
    "unlock": (
        Role.SECURITY_ADMIN,
        lambda actor, user: actions.unlock(actor=actor, public_id=user.public_id),
    ),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permitted, act", ACTS.values(), ids=ACTS)
def test_actions_authorise_again(permitted, act, role):
    actor, user = make_user(role), make_user()
    before = User.objects.filter(pk=user.pk).values().get()

    if role == permitted:
        act(actor, user)
        assert Event.objects.exists()
    else:
        with pytest.raises(NotAllowed):
            act(actor, user)
        assert not Event.objects.exists()
        assert User.objects.filter(pk=user.pk).values().get() == before


@pytest.mark.parametrize("permitted, act", ACTS.values(), ids=ACTS)
def test_a_disabled_administrator_does_nothing(permitted, act):
    with pytest.raises(NotAllowed):
        act(make_user(permitted, is_active=False), make_user())


@pytest.mark.parametrize("role", OTHERS)
def test_only_administrators_see_accounts(role):
    assert not list_users(make_user(role)).exists()


def test_accounts_are_found_by_name_login_and_office(manager):
    office = make_office("county", name="霸州市科学技术局")
    user = make_user(Role.COUNTY_LEAD, login="bazhou.lead", display_name="李四", office=office)

    for text in ("bazhou.l", "BAZHOU", "李四", "霸州市"):
        assert list(list_users(manager, text)) == [user]
    assert not list_users(manager, "%").exists()
    assert get_user(manager, user.public_id) == user


# --- pages ----------------------------------------------------------------------------------------


def test_the_list_offers_each_administrator_what_is_theirs(client, manager, security):
    client.force_login(manager)
    managing = client.get(reverse("accounts:users")).content.decode()
    client.force_login(security)
    securing = client.get(reverse("accounts:users")).content.decode()

    assert ("新建账号" in managing, "重置密码" in managing, "确认停用" in managing) == (
        True,
        True,
        False,
    )
    assert ("新建账号" in securing, "重置密码" in securing, "确认停用" in securing) == (
        False,
        False,
        True,
    )


def test_the_list_needs_no_more_queries_for_more_people(
    client, manager, django_assert_max_num_queries
):
    for _ in range(60):
        make_user(office=manager.office)
    client.force_login(manager)
    client.get("/livez")

    with django_assert_max_num_queries(7):
        page = client.get(reverse("accounts:users")).content.decode()

    assert "共 61 个账号" in page


def test_the_initial_password_is_shown_once(client, manager):
    client.force_login(manager)

    response = client.post(reverse("accounts:create"), form_data())

    page, user = response.content.decode(), User.objects.get(login="new.user")
    shown = page.split("初始密码</dt><dd><code>")[1].split("<")[0]
    assert user.check_password(shown)
    assert response["Cache-Control"] == "private, no-store"
    assert shown not in client.get(reverse("accounts:users")).content.decode()


@pytest.mark.parametrize(
    "values, label",
    [
        ({"login": "X"}, "登录名"),
        ({"login": "大写"}, "登录名"),
        ({"login": "manager"}, "登录名"),
        ({"display_name": ""}, "姓名"),
        ({"role": "emperor"}, "岗位"),
        ({"role": "city_signer"}, "岗位"),
        ({"office": str(uuid.uuid4())}, "单位"),
        ({"office": "1"}, "单位"),
    ],
)
def test_a_faulty_form_names_the_field_and_makes_nothing(client, manager, values, label):
    client.force_login(manager)
    before = User.objects.count()

    response = client.post(reverse("accounts:create"), form_data(**values))

    assert response.status_code == 422
    assert f"{label}：" in response.content.decode()
    assert User.objects.count() == before


def test_hidden_fields_give_nobody_more(client, manager):
    client.force_login(manager)

    client.post(
        reverse("accounts:create"),
        form_data(
            is_active="", is_staff="1", must_change_password="", password="x", public_id="1", id="1"
        ),
    )

    user = User.objects.get(login="new.user")
    assert (user.is_active, user.must_change_password, user.check_password("x")) == (
        True,
        True,
        False,
    )


def test_reset_page_shows_the_new_password(client, manager):
    user = make_user()
    client.force_login(manager)

    page = client.post(reverse("accounts:reset", args=[user.public_id])).content.decode()

    user.refresh_from_db()
    assert user.check_password(page.split("初始密码</dt><dd><code>")[1].split("<")[0])


@pytest.mark.parametrize("active, word", [("no", "停用"), ("yes", "启用")])
def test_activation_page(client, security, active, word):
    user = make_user(is_active=active != "yes")
    client.force_login(security)

    response = client.post(
        reverse("accounts:activation", args=[user.public_id]), {"active": active}, follow=True
    )

    user.refresh_from_db()
    assert user.is_active is (active == "yes")
    assert f"账号{user.login}已{word}。" in response.content.decode()


@pytest.mark.parametrize("active", ["", "maybe"])
def test_activation_needs_a_clear_word(client, security, active):
    user = make_user()
    client.force_login(security)

    response = client.post(
        reverse("accounts:activation", args=[user.public_id]), {"active": active}
    )

    user.refresh_from_db()
    assert (response.status_code, user.is_active) == (422, True)


def test_disabling_oneself_is_refused_with_a_sentence(client, security):
    client.force_login(security)

    response = client.post(
        reverse("accounts:activation", args=[security.public_id]), {"active": "no"}
    )

    assert response.status_code == 422
    assert 'content="own_account"' in response.content.decode()


def test_unlock_page(client, security):
    client.force_login(security)

    response = client.post(reverse("accounts:unlock", args=[make_user().public_id]), follow=True)

    assert "已解锁" in response.content.decode()


def test_an_unknown_account_is_not_found(client, security):
    client.force_login(security)

    assert client.post(reverse("accounts:unlock", args=[uuid.uuid4()])).status_code == 404


def test_a_department_is_made_with_its_first_account(client, manager):
    bureau = make_office("county")
    client.force_login(manager)
    data = form_data(office=bureau.public_id, role="county_provider", department="财政局")

    page = client.post(reverse("accounts:create"), data)
    again = client.post(reverse("accounts:create"), data | {"login": "other.user"})

    assert page.status_code == 200
    user = User.objects.get(login="new.user")
    assert (user.office.kind, user.office.short_name) == ("provider", "财政局")
    assert user.office.region == bureau.region
    assert again.status_code == 422
    assert "已经建立" in again.content.decode()
    assert Event.objects.filter(act="create_office").count() == 1


@pytest.mark.parametrize(
    "values, code",
    [
        ({"role": Role.COUNTY_FILLER}, "role_office_mismatch"),
        ({"role": Role.COUNTY_PROVIDER, "office": "city"}, "provider_not_county"),
    ],
)
def test_a_department_belongs_to_a_county_and_has_its_own_post(manager, values, code):
    office = make_office(values.pop("office", "county"))

    with pytest.raises(Invalid) as refusal:
        actions.create_provider(
            actor=manager, account=account(office=office, **values), department="财政局"
        )

    assert refusal.value.code == code
    assert not User.objects.filter(login="new.user").exists()


def test_a_departments_post_is_not_for_the_bureau(manager):
    with pytest.raises(Invalid) as refusal:
        actions.create_user(actor=manager, account=account(role=Role.COUNTY_PROVIDER))

    assert refusal.value.code == "role_office_mismatch"


def test_only_the_system_administrator_makes_departments(security):
    with pytest.raises(NotAllowed):
        actions.create_provider(
            actor=security, account=account(role=Role.COUNTY_PROVIDER), department="财政局"
        )
