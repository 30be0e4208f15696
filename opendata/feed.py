"""What was published lately, newest first, as feed readers take it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from applications.models import PilotRound
from applications.selectors.notice import list_public_notices
from applications.selectors.programme import list_published_pilots, published_lists
from county_portal.common.clock import BEIJING
from county_portal.common.province import province, words
from county_portal.common.text import chinese_date
from opendata.selectors.datasets import get_dataset, read_contents
from opendata.selectors.published import count_achievements, count_classes, notice_names
from reports.selectors.progress_year import list_published_years
from scoring.models import PublishedList
from scoring.selectors.lists import list_published

ENTRIES = 50
# So many names before “等”.
_NAMED = 6


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
    """The newest publications of every kind; eight queries."""
    found = [*_lists(), *_pilot_lists(), *_notices(), *_years()]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:ENTRIES]


def _lists() -> Iterator[Entry]:
    published = list(list_published())
    classes = count_classes(published)
    changed = Counter(
        str(row["list_id"]) for row in read_contents(get_dataset("list-corrections")).rows
    )
    for row in published:
        if row.published_at is None:
            continue
        is_correction = row.supersedes_id is not None
        yield Entry(
            key=f"urn:uuid:{row.public_id}",
            title=f"{row.collection.data_year}年度{words().evaluation}"
            f"{'更正名单' if is_correction else '名单'}",
            summary=_list_words(row, classes[row.pk], changed[str(row.public_id)]),
            path=reverse("scoring:public_list", args=[row.public_id]),
            at=row.published_at,
            category="更正" if is_correction else "评价名单",
        )


def _list_words(row: PublishedList, classes: Mapping[str, int], changed: int) -> str:
    """How many counties in which class, what a correction changed and why, under which number."""
    counted = "、".join(f"{name}类{classes[name]}个" for name in province().best_first(classes))
    told = [f"{row.row_count}个{words().county}：{counted}"]
    if row.supersedes_id is not None:
        told.append(
            f"与原名单相比{changed}个有变化，更正原因：{row.correction_reason.rstrip('。')}"
        )
    if row.document_number:
        told.append(row.document_number)
    return "；".join(told) + "。"


def _named(names: Sequence[str]) -> str:
    """The number and the first names."""
    more = "等" if len(names) > _NAMED else ""
    return f"{len(names)}个：{'、'.join(names[:_NAMED])}{more}"


def _pilot_lists() -> Iterator[Entry]:
    names: dict[int, list[str]] = {}
    rounds: dict[int, PilotRound] = {}
    for pilot in list_published_pilots():
        rounds[pilot.round_id] = pilot.round
        names.setdefault(pilot.round_id, []).append(pilot.region.full_name)
    for pk, row in published_lists(rounds.values()).items():
        if row.published_at is not None:
            number = f"；{row.paper.number}" if row.paper else ""
            yield Entry(
                key=f"urn:uuid:{row.public_id}",
                title=f"{rounds[pk].title}名单",
                summary=f"入选{_named(names[pk])}{number}。",
                path=reverse("applications:public_programme"),
                at=row.published_at,
                category="试点名单",
            )


def _notices() -> Iterator[Entry]:
    notices = list(list_public_notices())
    names = notice_names(notices)
    for row in notices:
        if row.notice_from is not None:
            until = f"；公示至{chinese_date(row.notice_until)}" if row.notice_until else ""
            yield Entry(
                key=f"urn:uuid:{row.public_id}:notice",
                title=f"{row.round.title}拟入选名单公示",
                summary=f"拟入选{_named(names[row.pk])}{until}。",
                path=reverse("applications:public_notice", args=[row.public_id]),
                at=datetime(
                    row.notice_from.year, row.notice_from.month, row.notice_from.day, tzinfo=BEIJING
                ),
                category="公示",
            )


def _years() -> Iterator[Entry]:
    counted = count_achievements()
    for row in list_published_years():
        if row.published_at is not None:
            pilots, figures = counted.get(row.year, (0, 0))
            yield Entry(
                key=f"urn:uuid:{row.public_id}",
                title=f"{row.year}年度{words().pilot_kind}建设进展情况",
                summary=f"{pilots}个试点考核指标的目标和实际达到的数值，共{figures}项。",
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
            description=entry.summary,
            unique_id=entry.key,
            pubdate=entry.at,
            updateddate=entry.at,
            categories=[entry.category],
        )
    return feed.writeString("utf-8")
