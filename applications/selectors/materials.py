"""The materials of an application, read whole: a constant number of queries."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F

from applications.enums import Material
from applications.models import (
    Application,
    GovernmentDocument,
    PlanFile,
    TableRow,
)
from applications.rules.basics import basics_prefix
from applications.rules.completeness import Demands, missing_of
from applications.rules.gaps import Gap
from applications.rules.materials import (
    Basic,
    Cell,
    Document,
    Evidence,
    Materials,
    Row,
    Step,
    Task,
)
from applications.selectors.history import past_figures
from indicators.enums import IndicatorKind
from indicators.models import FactClaim, FactMeaning, Indicator
from indicators.selectors import list_indicators


def read_materials(application: Application) -> Materials:
    """Everything the county filled; rows and basics nobody touched yet are there, blank."""
    stored = list(
        application.rows.select_related("indicator").prefetch_related("figures", "evidence__file")
    )
    given = {row.indicator_id: row for row in stored if row.indicator_id}
    indicators = list(list_indicators(application.round.version))
    meanings = {
        each.pk: each for each in FactMeaning.objects.filter(pk__in=basics_meanings(indicators))
    }
    codes = {pk: each.code for pk, each in meanings.items()}
    rows = [_given_row(indicator, given.get(indicator.pk), codes) for indicator in indicators]
    rows += [_own_row(row) for row in stored if row.indicator_id is None]
    document = GovernmentDocument.objects.filter(application=application).select_related("file")
    plan_file = PlanFile.objects.filter(application=application).select_related("file").first()
    return Materials(
        region_code=application.region.code,
        region_name=application.region.full_name,
        last_year=application.round.last_year,
        target_years=application.round.target_years,
        document=_document(document.first()),
        rows=sorted(rows, key=lambda row: row.order),
        basics=_basics(application, meanings.values()),
        texts={text.section: text.text for text in application.texts.order_by("section")},
        tasks=_tasks(application),
        plan_file=plan_file.file.sha256 if plan_file else "",
        term_years=application.round.term_years,
    )


def list_gaps(application: Application, materials: Materials | None = None) -> list[Gap]:
    """What is still missing."""
    materials = materials or read_materials(application)
    call = application.round
    past = past_figures(application) if Material.TABLE in call.materials else {}
    demands = Demands(call.materials, call.stars, past)
    return list(missing_of(materials, demands))


def basics_meanings(indicators: list[Indicator]) -> list[int]:
    """Facts behind the table's numbers: each numerator, denominator and count once."""
    return list(
        dict.fromkeys(
            meaning
            for row in indicators
            for meaning in (row.fact_id, row.numerator_fact_id, row.denominator_fact_id)
            if meaning
        )
    )


def _document(row: GovernmentDocument | None) -> Document | None:
    if row is None:
        return None
    return Document(row.title, row.document_number, row.issued_on, row.file.sha256)


def _given_row(indicator: Indicator, stored: TableRow | None, codes: Mapping[int, str]) -> Row:
    return Row(
        order=indicator.order,
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        kind=indicator.kind,
        lower_is_better=indicator.lower_is_better,
        is_designated=indicator.is_designated,
        is_starred=bool(stored and stored.is_starred),
        may_exceed_hundred=indicator.may_exceed_hundred,
        factor=indicator.factor,
        numerator_label=indicator.numerator_label,
        denominator_label=indicator.denominator_label,
        value_fact=codes.get(indicator.fact_id or 0, ""),
        numerator_fact=codes.get(indicator.numerator_fact_id or 0, ""),
        denominator_fact=codes.get(indicator.denominator_fact_id or 0, ""),
        definition=indicator.definition,
        **_filled(stored),
    )


def _own_row(stored: TableRow) -> Row:
    return Row(
        order=stored.order,
        code="",
        name=stored.own_name,
        unit=stored.own_unit,
        kind=IndicatorKind.NUMBER,
        lower_is_better=stored.own_lower_is_better,
        is_designated=False,
        is_starred=False,
        definition=stored.own_definition,
        **_filled(stored),
    )


def _filled(stored: TableRow | None) -> dict[str, Any]:
    if stored is None:
        return {}
    return {
        "cells": {
            each.year: Cell(each.number, each.numerator, each.denominator)
            for each in stored.figures.all()
        },
        "words": stored.words,
        "reason": stored.reason,
        "evidence": [
            Evidence(each.name, each.document_number, each.file.sha256)
            for each in stored.evidence.all()
        ],
    }


def _basics(application: Application, meanings: Iterable[FactMeaning]) -> list[Basic]:
    stored = {each.meaning_id: each for each in application.basics.all()}
    elsewhere = unexplained_claims(application)
    basics = []
    for meaning in sorted(meanings, key=lambda each: each.order):
        each = stored.get(meaning.pk)
        claim = elsewhere.get(meaning.pk)
        basics.append(
            Basic(
                code=meaning.code,
                name=meaning.name,
                unit=meaning.unit,
                number=each.number if each else None,
                is_absent=bool(each and each.is_absent),
                note=each.note if each else "",
                elsewhere=claim.fact.number if claim else None,
                elsewhere_label=claim.fact.place_label if claim else "",
            )
        )
    return basics


def unexplained_claims(application: Application) -> dict[int, FactClaim]:
    """By meaning: figures of the basics that differ from the fact that stands, no reason being given."""
    claims = (
        FactClaim.objects.filter(
            place__startswith=basics_prefix(application.public_id),
            reason="",
            fact__region=application.region_id,
        )
        .exclude(number=F("fact__number"))
        .select_related("fact")
    )
    return {claim.fact.meaning_id: claim for claim in claims}


def _tasks(application: Application) -> list[Task]:
    return [
        Task(
            task.kind,
            task.goal,
            task.units,
            [Step(step.name, step.starts_on, step.ends_on) for step in task.steps.all()],
        )
        for task in application.tasks.prefetch_related("steps")
    ]
