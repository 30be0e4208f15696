"""What was published lately, newest first, as feed readers take it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from applications.selectors.notice import list_public_notices
from applications.selectors.programme import list_published_pilots, published_lists
from county_portal.common.clock import BEIJING
from county_portal.common.province import words
from reports.selectors.progress_year import list_published_years
from scoring.selectors.lists import list_published

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication; `key` never changes."""

    key: str
    title: str
    summary: str
    path: str
    at: datetime
    category: str


def list_entries() -> list[Entry]:
    """The newest publications of every kind; five queries."""
    found = [*_lists(), *_pilot_lists(), *_notices(), *_years()]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:ENTRIES]


def _lists() -> Iterator[Entry]:
    for row in list_published():
        if row.published_at is None:
            continue
        is_correction = row.supersedes_id is not None
        yield Entry(
            key=f"urn:uuid:{row.public_id}",
            title=f"{row.collection.data_year}年度{words().evaluation}"
            f"{'更正名单' if is_correction else '名单'}",
            summary=f"更正原因：{row.correction_reason}" if is_correction else row.document_number,
            path=reverse("scoring:public_list", args=[row.public_id]),
            at=row.published_at,
            category="更正" if is_correction else "评价名单",
        )


def _pilot_lists() -> Iterator[Entry]:
    rounds = {pilot.round_id: pilot.round for pilot in list_published_pilots()}
    for pk, row in published_lists(rounds.values()).items():
        if row.published_at is not None:
            yield Entry(
                key=f"urn:uuid:{row.public_id}",
                title=f"{rounds[pk].title}名单",
                summary=row.paper.number if row.paper else "",
                path=reverse("applications:public_programme"),
                at=row.published_at,
                category="试点名单",
            )


def _notices() -> Iterator[Entry]:
    for row in list_public_notices():
        if row.notice_from is not None:
            yield Entry(
                key=f"urn:uuid:{row.public_id}:notice",
                title=f"{row.round.title}拟入选名单公示",
                summary=f"公示至{row.notice_until:%Y-%m-%d}" if row.notice_until else "",
                path=reverse("applications:public_notice", args=[row.public_id]),
                at=datetime(
                    row.notice_from.year, row.notice_from.month, row.notice_from.day, tzinfo=BEIJING
                ),
                category="公示",
            )


def _years() -> Iterator[Entry]:
    for row in list_published_years():
        if row.published_at is not None:
            yield Entry(
                key=f"urn:uuid:{row.public_id}",
                title=f"{row.year}年度创新型县（市、区）建设进展情况",
                summary="",
                path=reverse("reports:public_progress", args=[row.year]),
                at=row.published_at,
                category="建设进展",
            )


def atom(entries: list[Entry], base: str, author: str) -> str:
    """The feed as Atom; `base` is scheme and host, without a slash at its end."""
    feed = Atom1Feed(
        title="县域科技创新评价与试点公布信息",
        link=f"{base}{reverse('opendata:public_catalogue')}",
        description="",
        feed_url=f"{base}{reverse('opendata:public_feed')}",
        language="zh-CN",
        author_name=author,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=f"{base}{entry.path}",
            description=entry.summary or entry.title,
            unique_id=entry.key,
            pubdate=entry.at,
            updateddate=entry.at,
            categories=[entry.category],
        )
    return feed.writeString("utf-8")
