"""Rows of golden cases: written when a version comes in, begins from another or is given a case."""

from collections.abc import Sequence

from scoring.models import GoldenCase, SchemeVersion
from scoring.schemes.golden import Case, expected_text, figures_text


def keep_cases(version: SchemeVersion, cases: Sequence[Case], first: int = 1) -> None:
    """Give a version these cases in order, numbered from `first`; the caller answers for the right to."""
    GoldenCase.objects.bulk_create(
        GoldenCase(
            version=version,
            order=order,
            name=case.name,
            source=case.source,
            figures=figures_text(case.county),
            expected=expected_text(case.expected),
        )
        for order, case in enumerate(cases, first)
    )


def copy_cases(source: SchemeVersion, target: SchemeVersion) -> None:
    """The cases of one version for another, as they are."""
    kept = ("order", "name", "source", "figures", "expected")
    GoldenCase.objects.bulk_create(
        GoldenCase(version=target, **row) for row in source.golden_cases.values(*kept)
    )
