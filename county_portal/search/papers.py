"""Issued documents of one's own office and those sent to it, published lists, announcements, and one's notices."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.administration.selectors.announcements import list_readable
from county_portal.common import clock
from county_portal.common.province import words
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Paper
from county_portal.documents.selectors.papers import list_papers
from county_portal.documents.selectors.registers import text_condition
from county_portal.notices.selectors import list_notices
from county_portal.search.hits import Hit
from county_portal.search.matching import Query, Rank, best_rank
from scoring.selectors.lists import list_published, replacements

# Asked by letters, so many of the newest titles are read through; by characters the database searches all.
NEWEST = 2000
_MOST = 500


def find_papers(user: User | None, query: Query) -> Iterator[Hit]:
    """Those `list_papers` lets the person see; none for anybody. One query."""
    if user is None:
        return
    rows = list_papers(user).order_by("-issued_at", "-pk")
    rows = rows[:NEWEST] if query.letters else rows.filter(text_condition(query.text))[:_MOST]
    for paper in rows.only(
        "public_id", "title", "number", "issuer", "issued_on", "status", "office_id"
    ):
        rank = best_rank(query, [paper.title, paper.number])
        if rank is None and not query.letters:
            rank = (
                Rank.INSIDE
            )  # a number written in another way, which only the register's reading knows
        if rank is not None:
            yield Hit(rank, paper.title, _address(user, paper), _note(paper))


def _address(user: User, paper: Paper) -> str:
    page = "paper" if paper.office_id == user.office_id else "received_paper"
    return reverse(f"documents:{page}", args=[paper.public_id])


def _note(paper: Paper) -> str:
    words = [paper.number, paper.issuer, f"{paper.issued_on:%Y-%m-%d}"]
    if paper.status != PaperStatus.VALID:
        words.append(paper.get_status_display())
    return "，".join(word for word in words if word)


def find_lists(user: User | None, query: Query) -> Iterator[Hit]:
    """Published lists, corrected ones too: anybody's. One query."""
    lists = list(list_published())
    replaced = replacements(lists)
    for row in lists:
        title = f"{row.collection.data_year}年度{words().evaluation}结果"
        rank = best_rank(query, [title, f"{row.collection.data_year}年名单", row.document_number])
        if rank is not None:
            note = f"{row.document_number}{'，已更正' if row.pk in replaced else ''}"
            yield Hit(rank, title, reverse("scoring:public_list", args=[row.public_id]), note)


def find_notices(user: User | None, query: Query) -> Iterator[Hit]:
    """One's own, newest first. One query."""
    if user is None:
        return
    rows = list_notices(user)
    if not query.letters:
        rows = rows.filter(Q(title__icontains=query.text) | Q(body__icontains=query.text))
    for row in rows[:_MOST]:
        rank = best_rank(query, [row.title])
        if rank is None and not query.letters:
            rank = Rank.INSIDE
        if rank is not None:
            url = reverse("notices:open", args=[row.public_id])
            yield Hit(rank, row.title, url, clock.day_of(row.created_at).isoformat())


def find_announcements(user: User | None, query: Query) -> Iterator[Hit]:
    """Those addressed to the person, or to anybody; passed ones too. One query."""
    rows = list_readable(user)
    if not query.letters:
        rows = rows.filter(Q(title__icontains=query.text) | Q(text__icontains=query.text))
    page = "announcement" if user else "public_announcement"
    for row in rows[:_MOST]:
        rank = best_rank(query, [row.title])
        if rank is None and not query.letters:
            rank = Rank.INSIDE
        if rank is not None:
            url = reverse(f"announcements:{page}", args=[row.public_id])
            yield Hit(rank, row.title, url, f"{row.from_on:%Y-%m-%d}")
