"""How the table of candidates is narrowed and ordered; page and workbook ask the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from applications.selectors.selection import Candidate
from county_portal.common.province import words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as understood; a blank narrows nothing."""

    stage: str = ""
    city: str = ""  # public id of the reviewing office
    decision: str = ""  # yes, no or none
    text: str = ""  # part of a county's name
    order: str = ""  # a key of ORDERS
    among: frozenset[int] | None = None  # applications, e.g. those a trial chose


def _place(each: Candidate) -> tuple[int, bool, int]:
    return each.application.reviewing_office.order, each.place is None, each.place or 0


def _class(each: Candidate) -> tuple[bool, str, int]:
    found = each.evaluated
    return found is None, found.class_name if found else "", (found.rank or 0) if found else 0


def _mean(each: Candidate) -> tuple[bool, Decimal]:
    return each.mean is None, -(each.mean or Decimal(0))


def _spread(each: Candidate) -> tuple[bool, Decimal]:
    spread = each.panel.total.spread
    return spread is None, -(spread or Decimal(0))


# Key in the address: label, what is sorted by; ties keep the order of region codes.
ORDERS: Mapping[str, tuple[str, Callable[[Candidate], tuple[object, ...]]]] = {
    "mean": ("按专家平均分", _mean),
    "spread": ("按专家分差", _spread),
    "place": (f"按{words().city}推荐次序", _place),
    "class": ("按评价类别", _class),
}
DECISIONS = {"yes": "拟入选或已入选", "no": "拟不入选或未入选", "none": "未作决定"}


def narrow(candidates: Iterable[Candidate], wanted: Wanted) -> list[Candidate]:
    """Those that fit, in the order wanted."""
    found = [each for each in candidates if _fits(each, wanted)]
    if wanted.order in ORDERS:
        found.sort(key=ORDERS[wanted.order][1])
    return found


def _fits(each: Candidate, wanted: Wanted) -> bool:
    application = each.application
    return (
        wanted.stage in {"", each.stage}
        and wanted.city in {"", str(application.reviewing_office.public_id)}
        and wanted.text in application.region.full_name
        and wanted.decision in {"", decision_key(each)}
        and (wanted.among is None or application.pk in wanted.among)
    )


def decision_key(each: Candidate) -> str:
    """A key of DECISIONS."""
    if each.decision is None:
        return "none"
    return "yes" if each.decision.is_selected else "no"
