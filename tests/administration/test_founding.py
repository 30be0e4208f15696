"""An installation begins with three administrators, made once."""

import pytest
from django.core.management import CommandError, call_command

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.administration.founding import found_administrators
from county_portal.audit.models import Event
from county_portal.common.errors import Invalid

pytestmark = pytest.mark.django_db


def test_three_accounts_that_must_change_their_passwords(province):
    founded = found_administrators()

    assert {one.user.role for one in founded} == {
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDITOR,
    }
    for one in founded:
        assert one.user.must_change_password
        assert one.user.check_password(one.password)
        assert one.password not in str(list(Event.objects.values_list("detail", flat=True)))


def test_a_shell_is_no_second_way_in(province):
    found_administrators()
    with pytest.raises(Invalid):
        found_administrators()
    assert User.objects.count() == 3


def test_without_a_register_there_is_no_office_for_them(db):
    with pytest.raises(CommandError, match="import_register"):
        call_command("first_administrators")
    assert not User.objects.exists()


def test_the_commands_of_a_new_installation(db, capsys):
    call_command("import_register")
    call_command("first_administrators")

    assert "系统管理员  sysadmin" in capsys.readouterr().out
    with pytest.raises(CommandError, match="已经登记"):
        call_command("import_register")
