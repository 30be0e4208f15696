"""The letter (报送函) by which a city reports the sheets it approved, and sheets as data letters are bound to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level, Permission
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.common.text import chinese_date
from county_portal.documents.enums import Layout
from county_portal.documents.kinds import Composed, DataKind, DocumentKind, Source
from county_portal.documents.models import Draft
from county_portal.documents.selectors.letters import (
    calls_itself,
    list_letter_drafts,
    needs_letter,
    province_office,
    territory_of,
)
from county_portal.documents.wording import fill_template
from indicators.enums import REVIEWED, SUBMISSION_DATA, SUBMISSION_LETTER, SubmissionAction
from indicators.models import Collection, Submission

TEMPLATE = "submission_letter.txt"
_TABLE = "报送名单"
_DIGEST_SHOWN = 16
# Collections a city sees letters of.
_SHOWN = 3
# Widths in characters of the table's own type: 36 stand upright, and the code to verify by on the same page.
_COLUMNS = (
    ("序号", 3, "center"),
    ("县（市、区）", 8, "left"),
    ("提交日期", 8, "center"),
    ("审核通过日期", 8, "center"),
    ("内容摘要前16位", 9, "left"),
)


def compose_letter(actor: User, subject: str) -> Composed:
    """The letter on what the actor's office has approved in a collection, by the collection's public id.

    Raises Invalid `nothing_approved` while there is nothing to report.
    """
    if actor.level != Level.CITY:
        raise NotAllowed
    collection = get_object_or_404(Collection, public_id=subject)
    sheets = list(
        Submission.objects.visible_to(actor)
        .filter(collection=collection)
        .select_related("region", "office")
        .annotate(approved_at=Max("steps__at", filter=Q(steps__action=SubmissionAction.APPROVE)))
        .order_by("region__code")
    )
    approved = [sheet for sheet in sheets if sheet.state in REVIEWED]
    if not approved:
        raise Invalid(
            "nothing_approved",
            f"“{collection.title}”中还没有本单位审核通过的填报表，不能起草报送函。请审核通过后再办理。",
            "subject",
        )
    pending = [sheet for sheet in sheets if sheet.state not in REVIEWED]
    territory = territory_of(actor.office, (sheet.region.name for sheet in sheets))
    year = collection.data_year
    matter = f"{territory}{year}年度县域科技创新指标数据"
    recipient = province_office()
    return Composed(
        title=f"关于报送{matter}的函",
        addressees=recipient.name if recipient else "",
        text=fill_template(TEMPLATE, _fields(actor, collection, approved, pending, territory)),
        tables={_TABLE: _table(approved)},
        attachments=({"title": f"{matter}报送名单", "text": f"【表：{_TABLE}】"},),
        sources=tuple(source_of(sheet, year) for sheet in approved),
        recipients=(recipient,) if recipient else (),
    )


def source_of(sheet: Submission, data_year: int) -> Source:
    """A sheet as it was handed in, as what a document speaks of."""
    label = f"{sheet.region.full_name}{data_year}年度填报表"
    return Source(SUBMISSION_DATA, str(sheet.public_id), label, sheet.content_digest)


def _fields(
    actor: User,
    collection: Collection,
    approved: Sequence[Submission],
    pending: Sequence[Submission],
    territory: str,
) -> Mapping[str, object]:
    names = [sheet.region.name for sheet in approved]
    return {
        "collection": collection.title,
        "data_year": str(collection.data_year),
        "territory": territory,
        "is_one_county": names == [territory] and not pending,
        "we": calls_itself(actor.office),
        "count": str(len(approved)),
        "pending": "、".join(sheet.region.name for sheet in pending),
        "pending_count": str(len(pending)),
    }


def _table(approved: Sequence[Submission]) -> dict[str, object]:
    return {
        "columns": [
            {"heading": heading, "width": width, "align": align}
            for heading, width, align in _COLUMNS
        ],
        "rows": [
            [
                str(place),
                sheet.region.name,
                _day(sheet.submitted_at),
                _day(sheet.approved_at),  # type: ignore[attr-defined]  # annotated where they are listed
                sheet.content_digest[:_DIGEST_SHOWN],
            ]
            for place, sheet in enumerate(approved, start=1)
        ],
    }


def _day(moment: datetime | None) -> str:
    return chinese_date(clock.day_of(moment)) if moment else ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One collection as the city's page shows it: how far the review is, what was drafted last."""

    collection: Collection
    approved: int
    total: int
    latest: Draft | None

    @property
    def is_wanted(self) -> bool:
        """Whether a new letter is to be drafted: there is something to report, none under way, none that holds."""
        return bool(self.approved) and needs_letter(self.latest)


def list_letters(user: User) -> list[LetterLine]:
    """The newest collections with the reviewing office's letters; two queries. None for anybody else."""
    if user.level != Level.CITY or not user.holds(Permission.VIEW_DOCUMENTS):
        return []
    theirs = Q(submissions__reviewing_office=user.office_id)
    collections = list(
        Collection.objects.filter(theirs)
        .annotate(
            total=Count("submissions", filter=theirs),
            approved=Count("submissions", filter=theirs & Q(submissions__state__in=REVIEWED)),
        )
        .order_by("-data_year", "-pk")[:_SHOWN]
    )
    subjects = [str(each.public_id) for each in collections]
    drafts = list_letter_drafts([user.office_id], SUBMISSION_LETTER, subjects)
    latest = {subject: found[0] for (_, subject), found in drafts.items()}
    return [
        LetterLine(each, each.approved, each.total, latest.get(str(each.public_id)))
        for each in collections
    ]


def _sheets(key: str) -> QuerySet[Submission]:
    return Submission.objects.filter(public_id=key)


def _digest(key: str) -> str | None:
    """None while the sheet is back at the county or not yet approved: nothing is to be issued on it then."""
    sheets = _sheets(key).filter(state__in=REVIEWED)
    return sheets.values_list("content_digest", flat=True).first()


def _lock(key: str) -> None:
    _sheets(key).select_for_update().values_list("pk").first()


SHEET_KIND = DataKind(SUBMISSION_DATA, "填报表", _digest, _lock)
LETTER_KIND = DocumentKind(SUBMISSION_LETTER, "报送函", (Layout.LETTER,), TEMPLATE, compose_letter)
