"""A version's text out of its rows."""

from collections.abc import Iterable, Mapping

from indicators.models import FactMeaning
from scoring.models import PublishedList
from scoring.selectors.lists import list_current
from uplift.enums import GrowthMode
from uplift.models import PlanVersion
from uplift.rules.arithmetic import Fault, faults_of, questions_of
from uplift.rules.text import (
    FundYear,
    Goal,
    Growth,
    Heading,
    Move,
    PlanText,
    Stage,
    TargetLine,
)
from uplift.selectors.plans import counties_of, names_of


def read_text(version: PlanVersion) -> PlanText:
    """What a version says; seven queries."""
    return PlanText(
        heading_of(version),
        lines=_lines(version),
        growth=tuple(
            Growth(
                row.meaning.code, row.percent.normalize() + 0, GrowthMode(row.mode), row.sentence
            )
            for row in version.growth_rules.select_related("meaning")
        ),
        stages=_stages(version),
        goals=tuple(Goal(row.year, row.counts, row.sentence) for row in version.goals.all()),
        fund=tuple(FundYear(row.year, row.amount, row.uses) for row in version.fund_years.all()),
    )


def heading_of(version: PlanVersion) -> Heading:
    """Its heading; no query."""
    return Heading(
        title=version.title,
        document_number=version.document_number,
        base_year=version.base_year,
        from_year=version.from_year,
        to_year=version.to_year,
        classes=tuple(version.classes),
        base_counts=version.base_counts,
        sentence=version.sentence,
    )


def _lines(version: PlanVersion) -> tuple[TargetLine, ...]:
    rows = version.lines.select_related("indicator").prefetch_related("targets")
    return tuple(
        TargetLine(
            name=row.name,
            unit=row.unit,
            data_year=row.data_year,
            targets={each.class_name: each.number for each in row.targets.all()},
            indicator=row.indicator.code if row.indicator else "",
            sentence=row.sentence,
        )
        for row in rows
    )


def _stages(version: PlanVersion) -> tuple[Stage, ...]:
    rows = version.stages.prefetch_related("counties__region")
    return tuple(
        Stage(
            name=row.name,
            data_year=row.data_year,
            publication_year=row.publication_year,
            counts=row.counts,
            moves=tuple(
                Move(each.region.code, each.before, each.after) for each in row.counties.all()
            ),
            sentence=row.sentence,
        )
        for row in rows
    )


def read_faults(version: PlanVersion, text: PlanText) -> list[Fault]:
    """What is wrong with it today; one query."""
    return faults_of(text, names_of(counties_of(version.plan.office)))


def read_questions(version: PlanVersion, text: PlanText) -> list[str]:
    """What wants a look: readings of the text, and the published list of the base year."""
    listed = listed_classes(valid_lists(version))
    return questions_of(text, names_of(counties_of(version.plan.office)), listed)


def listed_counts(version: PlanVersion) -> dict[str, int]:
    """How many counties of the plan's office the list of its base year has in each class; 0 where one is on none."""
    base = listed_classes(valid_lists(version)).get(version.base_year, {})
    codes = names_of(counties_of(version.plan.office))
    if not all(code in base for code in codes):
        return dict.fromkeys(version.classes, 0)
    return {name: sum(base[code] == name for code in codes) for name in version.classes}


def valid_lists(version: PlanVersion) -> list[PublishedList]:
    """The valid published lists of the plan's indicator system, newest year first; one query."""
    system = version.system_version.system_id
    return [row for row in list_current() if row.collection.version.system_id == system]


def listed_classes(lists: Iterable[PublishedList]) -> dict[int, dict[str, str]]:
    """By data year: class by county code; a query for each list."""
    return {
        row.collection.data_year: dict(row.rows.values_list("region__code", "class_name"))
        for row in lists
    }


def meaning_names() -> Mapping[str, tuple[str, str]]:
    """Name and unit of every fact by its code."""
    rows = FactMeaning.objects.values_list("code", "name", "unit")
    return {code: (name, unit) for code, name, unit in rows}
