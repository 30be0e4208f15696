"""What else is known of listed items: who else claims the same, what each is worth, what became of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.http import Http404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.audit.selectors import find_event
from indicators.estimates import Estimator, estimator_of
from indicators.models import EvidenceItem, Submission
from indicators.rules import CellFigure
from indicators.rules.items import normal_name, normal_number
from indicators.selectors.submissions import get_submission


def list_duplicates(
    user: User, submission: Submission, items: Sequence[EvidenceItem]
) -> dict[int, str]:
    """By item, a hint that other counties of the collection list the same name or approval number.

    Reviewers read which counties; a county only how many. One query.
    """
    if not items:
        return {}
    by_name: dict[tuple[str, str], set[str]] = {}
    by_number: dict[tuple[str, str], set[str]] = {}
    others = EvidenceItem.objects.filter(
        submission__collection=submission.collection_id,
        kind__indicator__in={item.kind.indicator_id for item in items},
    ).exclude(submission=submission.pk)
    fields = ("kind__indicator__code", "name", "approval_number", "submission__region__full_name")
    for code, name, number, region in others.values_list(*fields):
        by_name.setdefault((code, normal_name(name)), set()).add(region)
        if normal_number(number):
            by_number.setdefault((code, normal_number(number)), set()).add(region)
    hints = {}
    for item in items:
        code = item.kind.indicator.code
        same_name = by_name.get((code, normal_name(item.name)), set())
        same_number = by_number.get((code, normal_number(item.approval_number)), set())
        hint = _hint(user, same_name, "同名载体") or _hint(user, same_number, "相同批准文号")
        if hint:
            hints[item.pk] = hint
    return hints


NAMED = 3


def _hint(user: User, regions: set[str], what: str) -> str:
    if not regions:
        return ""
    if user.level == Level.COUNTY:
        return f"另有{len(regions)}个县（市、区）填报了{what}，请核对归属。"
    names = "、".join(sorted(regions)[:NAMED])
    more = f"等{len(regions)}个县（市、区）" if len(regions) > NAMED else ""
    return f"{names}{more}也填报了{what}，请核对归属。"


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """What an item is worth by itself, and what it adds to those before it."""

    claimed: Decimal
    counted: Decimal

    @property
    def reason(self) -> str:
        """Why it adds less than it is worth; blank where it adds all."""
        if self.counted == self.claimed:
            return ""
        if not self.counted:
            return "不再计分：已达本指标上限，或与前面的项目只计最高一项"
        return "部分计分：已达本指标上限"


@dataclass(frozen=True, slots=True)
class ListPoints:
    """An indicator's list in points, by the scheme in force: a forecast, never a result."""

    items: Mapping[int, ItemPoints]
    claimed: Decimal
    counted: Decimal

    @property
    def is_capped(self) -> bool:
        """Whether anything claimed does not count."""
        return self.counted < self.claimed


def score_list(
    submission: Submission, code: str, figure: CellFigure | None, items: Sequence[EvidenceItem]
) -> ListPoints | None:
    """Points of a list item by item, in its order; None where no scheme scores it."""
    estimator = estimator_of(submission.collection)
    if estimator is None or not items:
        return None
    named = [(item.kind.code, item.name) for item in items]
    answer = figure or CellFigure()
    score = partial(_score, estimator, submission.region.code, code, answer)
    before, points = score([]), {}
    for place, item in enumerate(items):
        alone = score([named[place]])
        after = score(named[: place + 1])
        if alone is None or after is None:
            return None
        points[item.pk] = ItemPoints(alone, after - (before or Decimal(0)))
        before = after
    claimed = sum((each.claimed for each in points.values()), Decimal(0))
    return ListPoints(points, claimed, before or Decimal(0))


def _score(
    estimator: Estimator,
    region_code: str,
    code: str,
    figure: CellFigure,
    items: Sequence[tuple[str, str]],
) -> Decimal | None:
    return estimator.score_line(code, figure, items, region_code)


@dataclass(frozen=True, slots=True)
class GoneItem:
    """An item that was taken off a list the user may see."""

    submission: Submission
    code: str
    name: str


def get_gone(user: User, public_id: UUID) -> GoneItem:
    """What the record knows of an item that is on no list any more; 404 for what never was, or is another's."""
    event = find_event("remove_evidence", item=str(public_id))
    if event is None:
        raise Http404
    submission = get_submission(user, UUID(event.object_id))
    return GoneItem(submission, event.detail["indicator"], event.detail["name"])
