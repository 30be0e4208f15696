"""Password policy beyond Django's validators (GB/T 22239-2019 asks for composition)."""

import re

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string

_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"\d"), re.compile(r"[^\w\s]"))
_NEEDED_KINDS = 3
# Without look-alikes: initial passwords are read out over the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class LengthValidator(MinimumLengthValidator):
    """Django's rule in our words: its 5.2 catalogue lacks the Chinese for this one."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return f"密码太短，至少须有{self.min_length}个字符。"

    def get_help_text(self) -> str:
        """The rule as shown beside the field."""
        return f"密码至少须有{self.min_length}个字符。"


class CompositionValidator:
    """At least three of: small letters, capitals, digits, signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError if too few kinds of characters are used."""
        if sum(bool(kind.search(password)) for kind in _KINDS) < _NEEDED_KINDS:
            raise ValidationError(self.get_help_text(), code="password_composition")

    def get_help_text(self) -> str:
        """The rule as shown beside the field."""
        return "密码须包含小写字母、大写字母、数字、符号中的至少三种。"


def initial_password() -> str:
    """A one-time password, to be changed at first login."""
    return f"{get_random_string(5, _ALPHABET)}-{get_random_string(5, _ALPHABET)}-7Kc"
