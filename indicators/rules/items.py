"""Names and numbers of listed items, brought into one spelling so that the same thing is recognised."""

import re
import unicodedata

# What a body's name may end with and still be the same body.
_SUFFIXES = ("有限责任公司", "股份有限公司", "有限公司", "股份公司", "公司")
_NOT_A_NAME = re.compile(r"[\W_]+")
_LEVEL = re.compile(r"^(国家|省|市|部|院)级(以上)?")


def spelled(text: str) -> str:
    """The same words in one spelling: without brackets, blanks and marks, width and case."""
    return _NOT_A_NAME.sub("", unicodedata.normalize("NFKC", text)).casefold()


def normal_name(name: str) -> str:
    """The name in one spelling and without the legal form of a company."""
    text = spelled(name)
    for suffix in _SUFFIXES:
        if text.endswith(suffix) and len(text) > len(suffix):
            return text.removesuffix(suffix)
    return text


def normal_number(number: str) -> str:
    """An approval number whatever its brackets; blank for none."""
    return spelled(number)


def without_kind(name: str, kind_name: str) -> str:
    """The name in one spelling, without the words that only say of what kind and level the item is."""
    text = spelled(name)
    for word in (kind_name, _LEVEL.sub("", kind_name)):
        text = text.replace(spelled(word), "")
    return text
