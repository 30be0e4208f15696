"""Who may read which guide, and where in the guides words stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.guides.library import PICTURES_DIR, Chapter, Guide, Handbook, library
from county_portal.guides.markdown import Addresses, Rendered, plain_text, render

# Words before and after the place found.
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """A chapter as it stands in a handbook."""

    chapter: Chapter
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class Place:
    """A section in which all the words asked for stand."""

    title: str
    heading: str
    url: str
    excerpt: str


def list_handbooks(user: User | None) -> list[Handbook]:
    """One's own first; to nobody signed in only the public's."""
    books = library().handbooks
    if user is None:
        return [book for book in books if book.is_public]
    own = library().handbooks_of(user.role)
    return [*own, *(book for book in books if book not in own)]


def get_handbook(user: User | None, key: str) -> Handbook:
    """One that the reader may open; 404 otherwise."""
    book = library().handbook(key)
    if book is None or (user is None and not book.is_public):
        raise Http404
    return book


def list_guides() -> list[Guide]:
    """Every guide, by name."""
    return sorted(library().guides.values(), key=lambda guide: guide.name)


def get_guide(name: str) -> Guide:
    """The guide of this name; 404 otherwise."""
    guide = library().guides.get(name)
    if guide is None:
        raise Http404
    return guide


def render_guide(guide: Guide) -> Rendered:
    """A guide as a page of its own: its title is the page's."""
    return render(guide.text.partition("\n")[2], _addresses())


def print_handbook(book: Handbook) -> list[Printed]:
    """All chapters, one below the other, under anchors of their own."""
    return [
        Printed(
            chapter,
            render(chapter.text, _addresses(), prefix=f"{chapter.anchor}-", deeper=1),
        )
        for chapter in book.chapters
    ]


def get_picture(name: str) -> Path:
    """The picture of this name; 404 otherwise."""
    path = PICTURES_DIR / f"{name}.png"
    if not path.is_file():
        raise Http404
    return path


def find_places(user: User | None, text: str) -> list[Place]:
    """Sections in which all the words stand, those with a word in the heading first; no query."""
    words = text.casefold().split()
    if not words:
        return []
    places = _public_places(words) if user is None else _guide_places(words)
    return [place for _, place in sorted(places, key=lambda pair: pair[0])]


def _guide_places(words: Sequence[str]) -> list[tuple[int, Place]]:
    found = []
    for guide in list_guides():
        address = reverse("guides:guide", args=[guide.name])
        for section in guide.sections:
            rank = _rank(words, f"{guide.title} {section.heading}", section.text)
            if rank is not None:
                url = f"{address}#{section.anchor}" if section.anchor else address
                excerpt = _excerpt(section.text, words)
                found.append((rank, Place(guide.title, section.heading, url, excerpt)))
    return found


def _public_places(words: Sequence[str]) -> list[tuple[int, Place]]:
    found = []
    for book in list_handbooks(None):
        address = reverse("guides:handbook", args=[book.key])
        for chapter in book.chapters:
            rank = _rank(words, chapter.title, chapter.text)
            if rank is not None:
                excerpt = _excerpt(chapter.text, words)
                url = f"{address}#{chapter.anchor}"
                found.append((rank, Place(book.title, chapter.title, url, excerpt)))
    return found


def _rank(words: Sequence[str], heading: str, text: str) -> int | None:
    head, body = heading.casefold(), text.casefold()
    if all(word in head for word in words):
        return 0
    return 1 if all(word in head or word in body for word in words) else None


def _excerpt(text: str, words: Sequence[str]) -> str:
    """The words around the first one found."""
    plain = plain_text(text)
    lower = plain.casefold()
    start = min((lower.find(word) for word in words if word in lower), default=0)
    begin, end = max(start - _AROUND, 0), start + _AROUND * 2
    return f"{'…' if begin else ''}{plain[begin:end]}{'…' if end < len(plain) else ''}"


def find_person(public_id: str) -> User | None:
    """An account that may be signed in to, by its id as a session keeps it; none for anything else."""
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return User.objects.filter(public_id=key, is_active=True, is_practice=False).first()


def other_of(user: User) -> User | None:
    """The other person of a practice county; none for anybody real."""
    if not user.is_practice:
        return None
    people = User.objects.filter(office_id=user.office_id, is_practice=True, is_active=True)
    return people.exclude(pk=user.pk).first()


def _addresses() -> Addresses:
    names = library().guides

    def guide(name: str) -> str:
        return reverse("guides:guide", args=[name]) if name in names else ""

    def picture(name: str) -> str:
        has_it = (PICTURES_DIR / f"{name}.png").is_file()
        return reverse("guides:picture", args=[name]) if has_it else ""

    return Addresses(guide, picture)
