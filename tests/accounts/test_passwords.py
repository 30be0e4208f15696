import pytest
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from county_portal.accounts.models import User
from county_portal.accounts.passwords import initial_password

ACCEPTED = [
    *("Xiong-an-2017", "bai-yang-dian-9", "BAI-YANG-DIAN-9", "Baiyangdian99", "白洋淀-Abcd-12345"),
    *("aB3456789012", "Aa1!Aa1!Aa1!", "correct Horse 7 battery", "ÀÉÎ-abcd-12345"),
]
REFUSED = {
    "too short": ["Ab1!", "Xiong-an-20", ""],
    "one kind": [
        "aaaaaaaaaaaaaa",
        "bqwmzpxrtvkn",
        "BQWMZPXRTVKN",
        "84613297501846",
        "--------------",
    ],
    "two kinds": [
        "bqwmzpxrtvkn7",
        "bqwmzpxrtvkN",
        "BQWMZPXRTVKN7",
        "bqwm-zpxr-tvkn",
        "8461-3297-5018",
    ],
    "only white space beside letters": ["bqwm zpxr tvkn", "bqwm\tzpxr\ttvkn"],
    "common": ["1q2w3e4r5t6y"],
    "like the login": ["Zhang.wei-2020", "zhang.wei-202O"],
}


@pytest.fixture
def person():
    return User(login="zhang.wei-2020", display_name="张伟")


@pytest.mark.parametrize("password", ACCEPTED)
def test_accepted(person, password):
    validate_password(password, person)


@pytest.mark.parametrize("password", [each for group in REFUSED.values() for each in group])
def test_refused(person, password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, person)

    assert all(map(is_chinese, refusal.value.messages))


def is_chinese(text):
    return any("一" <= char <= "鿿" for char in text)


def test_the_rules_are_told_in_chinese():
    texts = password_validators_help_texts()

    assert len(texts) == 4
    assert all(map(is_chinese, texts))


def test_initial_passwords_satisfy_the_policy_and_differ():
    made = {initial_password() for _ in range(200)}

    assert len(made) == 200
    for password in made:
        validate_password(password)
        assert not set(password) & set("0O1lIi")
