from county_portal.accounts import actions
from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.common.errors import Invalid
from tests.accounts.people import make_office, make_user
from tests.common.committed import in_threads


def test_two_administrators_at_once_make_one_account(committed_db):
    manager, office = make_user(Role.SYSTEM_ADMIN), make_office("county")
    account = actions.NewAccount("new.user", "新人", Role.COUNTY_FILLER, office)

    def create(number):
        try:
            return actions.create_user(actor=manager, account=account)[0].login
        except Invalid as refusal:
            return refusal.code

    assert sorted(in_threads(2, create)) == ["login_taken", "new.user"]
    assert User.objects.filter(login="new.user").count() == 1
