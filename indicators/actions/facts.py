"""What a county does about facts: adopt known ones, explain a second figure, bring figures into line."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common.errors import Invalid, Stale
from county_portal.common.numbers import plain
from indicators.actions.claims import bound_parts, explain_claims
from indicators.actions.filling import lock_for_filling, save_values
from indicators.actions.records import submission_entry
from indicators.actions.revisions import count_revision
from indicators.actions.wording import read_reason
from indicators.models import FactMeaning, Submission
from indicators.rules import CellFigure, CellInput, read_cell, typed_of
from indicators.rules.checks.case import part_number
from indicators.rules.facts import own_place
from indicators.selectors import figure_of, list_indicators, spec_of
from indicators.selectors.facts import Difference, differing, offers

_FIELDS = {"value": "text", "numerator": "numerator", "denominator": "denominator"}


@transaction.atomic
def adopt_facts(*, actor: User, submission_id: UUID) -> list[str]:
    """Fill blank parts from known facts; returns the codes of the lines that were filled.

    A rate takes its parts together or not at all.
    """
    submission = lock_for_filling(actor, submission_id)
    parts: dict[str, dict[str, Decimal]] = {}
    for offer in offers(submission):
        parts.setdefault(offer.code, {})[offer.part] = offer.number
    figures = _with_parts(submission, parts, is_strict=False)
    _save(actor, submission, figures)
    return list(figures)


def _with_parts(
    submission: Submission, parts: Mapping[str, Mapping[str, Decimal]], *, is_strict: bool
) -> dict[str, CellFigure]:
    """Lines with these parts set; one that cannot be read so is left out, or refused where strict."""
    stored = {
        value.indicator.code: figure_of(value)
        for value in submission.values.select_related("indicator")
    }
    figures = {}
    for indicator in list_indicators(submission.collection.version):
        if indicator.code not in parts:
            continue
        texts = {_FIELDS[part]: plain(number) for part, number in parts[indicator.code].items()}
        typed: CellInput = replace(typed_of(stored.get(indicator.code)), **texts)
        figure, errors = read_cell(spec_of(indicator), typed)
        if not errors:
            figures[indicator.code] = figure
        elif is_strict:
            raise Invalid(errors[0].code, errors[0].sentence, errors[0].part)
    return figures


def _save(actor: User, submission: Submission, figures: Mapping[str, CellFigure]) -> None:
    if figures:
        save_values(
            actor=actor,
            submission_id=submission.public_id,
            revision=submission.revision,
            figures=figures,
        )


@transaction.atomic
def explain_claim(*, actor: User, submission_id: UUID, meaning: str, reason: str) -> Difference:
    """Say why this submission states another figure than the one that stands.

    Raises Stale `facts_agree` where nothing differs any more.
    """
    submission = lock_for_filling(actor, submission_id)
    difference = _difference(submission, meaning)
    words = read_reason(reason)
    places = [own_place(submission.public_id, each.place) for each in difference.own_differing]
    for code in {place[0] for place in places if place}:
        explain_claims(submission, code, words, difference.meaning)
    count_revision(actor, submission)
    detail = {"meaning": meaning, "reason": words}
    record(actor, submission_entry("explain_fact", submission, detail))
    return difference


def _difference(submission: Submission, meaning: str) -> Difference:
    for difference in differing(submission):
        if difference.meaning.code == meaning and difference.own_differing:
            return difference
    raise Stale("facts_agree", "这项数据已没有不一致之处，无需处理。请刷新页面后核对。")


@transaction.atomic
def reconcile_fact(*, actor: User, submission_id: UUID, meaning: str, number: Decimal) -> list[str]:
    """Write the chosen figure wherever this submission states the fact; returns the lines changed."""
    submission = lock_for_filling(actor, submission_id)
    codes = list(submission.collection.version.indicators.values_list("code", flat=True))
    key = FactMeaning.objects.filter(code=meaning).values_list("pk", flat=True).first()
    if key is None:
        raise Invalid("fact_unknown", "没有这项数据，请刷新页面后重新选择。", "meaning")
    stored = {
        value.indicator.code: figure_of(value)
        for value in submission.values.select_related("indicator")
    }
    parts: dict[str, dict[str, Decimal]] = {}
    for bound in bound_parts(submission.collection.version_id, codes):
        figure = stored.get(bound.code)
        current = part_number(figure, bound.part) if figure else None
        if bound.meaning == key and current is not None and current != number:
            parts.setdefault(bound.code, {})[bound.part] = number
    figures = _with_parts(submission, parts, is_strict=True)
    _save(actor, submission, figures)
    return list(figures)
