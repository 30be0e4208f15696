"""How well a name answers what somebody typed: by its characters, its pinyin, or its initials."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pypinyin import Style, pinyin

from county_portal.accounts.models import fold_variants

# What people type between syllables: shi jia zhuang, xi'an.
_BETWEEN = re.compile(r"[\s'’\-]+")
_LETTERS = re.compile(r"[a-z]+")
# Names and titles whose pinyin is kept; the province has some hundreds of names and some thousands of titles.
_KEPT = 16384


class Rank(IntEnum):
    """The order of what was found: the same name first."""

    EXACT = 0
    PREFIX = 1
    INITIALS = 2
    INSIDE = 3


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, in its one spelling; `letters` are its Latin letters run together, empty where it has others."""

    text: str
    folded: str
    letters: str

    @classmethod
    def of(cls, typed: str) -> "Query":
        """Full-width letters are letters, 陘 is 陉, case does not matter."""
        folded = fold_variants(unicodedata.normalize("NFKC", typed).casefold().strip())
        joined = _BETWEEN.sub("", folded)
        return cls(typed.strip(), folded, joined if _LETTERS.fullmatch(joined) else "")


def best_rank(query: Query, names: Iterable[str]) -> Rank | None:
    """The best of several names of one thing; None where none answers."""
    ranks = [rank for name in names if (rank := rank_of(query, name)) is not None]
    return min(ranks, default=None)


def rank_of(query: Query, name: str) -> Rank | None:
    """How well one name answers; None where it does not."""
    if not query.folded:
        return None
    by_text = _rank_text(query.folded, folded_name(name))
    if by_text is not None or not query.letters:
        return by_text
    return _rank_pinyin(query.letters, spelled(name))


@lru_cache(maxsize=_KEPT)
def folded_name(name: str) -> str:
    """A name as it is compared."""
    return fold_variants(unicodedata.normalize("NFKC", name).casefold())


@lru_cache(maxsize=_KEPT)
def spelled(name: str) -> tuple[tuple[str, ...], ...]:
    """The ways each character of a name may be read: as in the word it stands in, and by itself.

    重庆 is chongqing, and 乐亭 is laoting; who knows only the characters types zhongqing and leting. ü is typed v or u.
    """
    folded = folded_name(name)
    # What is no Chinese character comes back as one item, which is cut: pypinyin takes a list, its stubs do not.
    words = pinyin(folded, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]  # see above
    alone = [pinyin(char, style=Style.NORMAL, heteronym=True)[0] for char in folded]
    return tuple(_typed([*word, *each]) for word, each in zip(words, alone, strict=True))


def _typed(options: Iterable[str]) -> tuple[str, ...]:
    written = [option.replace("ü", "v") for option in options if option]
    return tuple(dict.fromkeys([*written, *(each.replace("v", "u") for each in written)]))


def _rank_text(query: str, name: str) -> Rank | None:
    if query == name:
        return Rank.EXACT
    if name.startswith(query):
        return Rank.PREFIX
    return Rank.INSIDE if query in name else None


def _rank_pinyin(letters: str, name: tuple[tuple[str, ...], ...]) -> Rank | None:
    whole = _read_from(letters, name, 0)
    if whole is not None:
        return whole
    initials = zip(letters, name, strict=False)
    if len(letters) <= len(name) and all(
        any(option.startswith(letter) for option in options) for letter, options in initials
    ):
        return Rank.INITIALS
    # One letter stands inside nearly every name.
    later = range(1, len(name)) if len(letters) > 1 else ()
    inside = any(_read_from(letters, name, start) is not None for start in later)
    return Rank.INSIDE if inside else None


def _read_from(letters: str, name: tuple[tuple[str, ...], ...], start: int) -> Rank | None:
    """EXACT where the letters are the name from `start` to its end, PREFIX where they break off before it."""
    places, is_beginning = {0}, False
    for position in range(start, len(name)):
        following = set()
        for place in places:
            for option in name[position]:
                if letters.startswith(option, place):
                    following.add(place + len(option))
                is_beginning |= option.startswith(letters[place:])
        if len(letters) in following:
            return Rank.EXACT if position == len(name) - 1 else Rank.PREFIX
        places = following
        if is_beginning or not places:
            break
    return Rank.PREFIX if is_beginning else None
