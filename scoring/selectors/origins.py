"""Who stated and who confirmed each figure of a collection, read at one moment in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from county_portal.accounts.models import User
from county_portal.common import clock
from indicators.enums import SubmissionAction
from indicators.models import (
    Assignment,
    EvidenceItem,
    GovernmentApproval,
    ReviewStep,
    Submission,
    Value,
)
from scoring.models import AgreedScore, FigureCorrection, PanelScore
from scoring.origins import Origin, Signed, origin_json, part_json

# Steps that confirm, by the part of an origin they fill.
_STEPS = {
    SubmissionAction.SUBMIT: "handed_in",
    SubmissionAction.APPROVE: "confirmed",
    SubmissionAction.RECEIVE: "received",
}
# By submission and indicator code.
_Key = tuple[int, str]
# Id of a person, and when.
_Act = tuple[int, datetime]


@dataclass(frozen=True, slots=True)
class Origins:
    """Everything read, ready to be put together line by line."""

    people: Mapping[int, tuple[str, str]]
    # What all lines of one sheet share, as it is stored.
    sheets: Mapping[int, Mapping[str, Any]]
    stated: Mapping[_Key, _Act]
    providers: Mapping[_Key, Signed]
    evidence: Mapping[_Key, tuple[int, int]]
    experts: Mapping[_Key, int]
    agreed: Mapping[_Key, tuple[_Act, str]]
    corrections: Mapping[_Key, tuple[_Act, str]]

    def json_of(
        self, submission: int, code: str, *, is_judged: bool = False, carried: int = 0
    ) -> dict[str, Any]:
        """What is stored with a line; `carried` is the year whose figure was scored instead, 0 for none."""
        key, sheet = (submission, code), self.sheets[submission]
        items, files = self.evidence.get(key, (0, 0))
        agreed, minutes = self.agreed.get(key, (None, "")) if is_judged else (None, "")
        corrected, correction = self.corrections.get(key, (None, ""))
        own = {
            "stated": self._signed(self.stated.get(key)) or sheet.get("handed_in"),
            "provider": part_json(self.providers.get(key)),
            "items": items,
            "files": files,
            "carried": carried,
            "experts": self.experts.get(key, 0) if is_judged else 0,
            "agreed": self._signed(agreed),
            "minutes": minutes,
            "corrected": self._signed(corrected),
            "correction": correction,
        }
        return {**sheet, **{name: part for name, part in own.items() if part}}

    def _signed(self, act: _Act | None) -> list[str] | None:
        return part_json(_signed(self.people, act)) if act else None


def read_origins(submissions: Sequence[Submission]) -> Origins:
    """Of these submissions, whatever their number: ten queries."""
    ids = [submission.pk for submission in submissions]
    stated, steps = _stated(ids), _steps(ids)
    agreed, corrections = _agreed(ids), _corrections(submissions)
    acts: list[_Act] = [*stated.values(), *(act for act, _ in agreed.values())]
    acts += [act for act, _ in corrections.values()]
    acts += [act for sheet in steps.values() for act in sheet.values()]
    people = _people({person for person, _ in acts})
    approvals = _approvals(ids)
    return Origins(
        people=people,
        sheets={
            pk: origin_json(_sheet(people, steps.get(pk, {}), approvals.get(pk))) for pk in ids
        },
        stated=stated,
        providers=_providers(ids),
        evidence=_evidence(ids),
        experts=_experts(ids),
        agreed=agreed,
        corrections=corrections,
    )


def _sheet(
    people: Mapping[int, tuple[str, str]], steps: Mapping[str, _Act], approval: Signed | None
) -> Origin:
    """What all lines of one sheet share."""
    signed: dict[str, Any] = {part: _signed(people, act) for part, act in steps.items()}
    return Origin(approval=approval, **signed)


def _signed(people: Mapping[int, tuple[str, str]], act: _Act) -> Signed:
    person, moment = act
    name, office = people[person]
    return Signed(name, office, _day(moment))


def _day(moment: datetime | date) -> str:
    day = clock.day_of(moment) if isinstance(moment, datetime) else moment
    return day.isoformat()


def _people(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = User.objects.filter(pk__in=ids).values_list("pk", "display_name", "office__short_name")
    return {pk: (name, office) for pk, name, office in rows}


def _stated(ids: Sequence[int]) -> dict[_Key, _Act]:
    """Who wrote each cell last; of a list without a cell of its own, who entered its newest item."""
    found: dict[_Key, _Act] = {}
    items = EvidenceItem.objects.filter(submission__in=ids).order_by("created_at", "pk")
    columns = ("submission_id", "kind__indicator__code", "created_by_id", "created_at")
    for pk, code, person, moment in items.values_list(*columns):
        found[pk, code] = person, moment
    cells = Value.objects.filter(submission__in=ids).order_by()
    for pk, code, person, moment in cells.values_list(
        "submission_id", "indicator__code", "updated_by_id", "updated_at"
    ):
        found[pk, code] = person, moment
    return found


def _providers(ids: Sequence[int]) -> dict[_Key, Signed]:
    rows = Assignment.objects.filter(submission__in=ids).order_by()
    return {
        (pk, code): Signed(name or "", office, _day(moment) if moment else "")
        for pk, code, office, name, moment in rows.values_list(
            "submission_id",
            "indicator__code",
            "office__short_name",
            "signed_by__display_name",
            "signed_at",
        )
    }


def _evidence(ids: Sequence[int]) -> dict[_Key, tuple[int, int]]:
    rows = EvidenceItem.objects.filter(submission__in=ids).order_by()
    counted = rows.values_list("submission_id", "kind__indicator__code").annotate(
        Count("pk"), Count("file")
    )
    return {(pk, code): (items, files) for pk, code, items, files in counted}


def _approvals(ids: Sequence[int]) -> dict[int, Signed]:
    rows = GovernmentApproval.objects.filter(submission__in=ids)
    return {
        pk: Signed(number, "", _day(day))
        for pk, number, day in rows.values_list("submission_id", "document_number", "approved_on")
    }


def _steps(ids: Sequence[int]) -> dict[int, dict[str, _Act]]:
    """The newest step of each kind that confirms, unless the sheet was given back after it."""
    rows = ReviewStep.objects.filter(submission__in=ids).order_by("at", "pk")
    found: dict[int, dict[str, _Act]] = {}
    for pk, action, person, moment in rows.values_list("submission_id", "action", "actor_id", "at"):
        kept = found.setdefault(pk, {})
        if action == SubmissionAction.SUBMIT:
            kept.clear()
        if action in _STEPS:
            kept[_STEPS[SubmissionAction(action)]] = person, moment
    return found


def _experts(ids: Sequence[int]) -> dict[_Key, int]:
    rows = PanelScore.objects.filter(submission__in=ids).order_by()
    counted = rows.values_list("submission_id", "indicator_code").annotate(Count("pk"))
    return {(pk, code): count for pk, code, count in counted}


def _agreed(ids: Sequence[int]) -> dict[_Key, tuple[_Act, str]]:
    """The newest of each, which holds."""
    rows = AgreedScore.objects.filter(submission__in=ids).order_by("recorded_at", "pk")
    columns = ("submission_id", "indicator_code", "recorded_by_id", "recorded_at", "minutes")
    return {
        (pk, code): ((person, moment), minutes)
        for pk, code, person, moment, minutes in rows.values_list(*columns)
    }


def _corrections(submissions: Sequence[Submission]) -> dict[_Key, tuple[_Act, str]]:
    """What was decided on appeals, the newest of each line: by whom, in which words."""
    by_region = {submission.region_id: submission.pk for submission in submissions}
    rows = FigureCorrection.objects.filter(
        collection__in={submission.collection_id for submission in submissions},
        region__in=by_region,
    ).order_by("pk")
    columns = (
        "region_id",
        "indicator_code",
        "appeal__decided_by_id",
        "made_at",
        "appeal__decision_words",
    )
    return {
        (by_region[region], code): ((person, moment), words)
        for region, code, person, moment, words in rows.values_list(*columns)
    }
