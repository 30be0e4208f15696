"""Names and numbers of listed items, brought into one spelling so that the same thing is recognised."""

import re
import unicodedata

# What a body's name may end with and still be the same body.
_SUFFIXES = ("有限责任公司", "股份有限公司", "有限公司", "股份公司", "公司")
_NOT_A_NAME = re.compile(r"[\W_]+")


def normal_name(name: str) -> str:
    """The name without brackets, blanks, width and the legal form of a company."""
    text = _NOT_A_NAME.sub("", unicodedata.normalize("NFKC", name)).casefold()
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix):
            return text.removesuffix(suffix)
    return text


def normal_number(number: str) -> str:
    """An approval number whatever its brackets; blank for none."""
    return _NOT_A_NAME.sub("", unicodedata.normalize("NFKC", number)).casefold()
