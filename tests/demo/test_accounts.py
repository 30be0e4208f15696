"""Derived passwords: the same for a role, different between roles and keys, within the policy."""

import pytest
from django.contrib.auth.password_validation import validate_password

from county_portal.accounts.models import User
from county_portal.accounts.roles import Role
from county_portal.demo.accounts import password_of


@pytest.mark.parametrize("role", Role)
def test_passwords_satisfy_the_policy(role):
    user = User(login="131081-fill", display_name="王建国", role=role)
    validate_password(password_of(role), user)


def test_roles_and_keys_differ(settings):
    before = {password_of(role) for role in Role}
    assert len(before) == len(Role)
    settings.SECRET_KEY = "another-key" * 6
    assert before.isdisjoint({password_of(role) for role in Role})
