"""A scheme with a locked version and a draft after it; schemes are the province's, all of them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from county_portal.accounts.models import User
from indicators.models import IndicatorSystem
from scoring.actions.case_rows import keep_cases
from scoring.engine.codec import scheme_bytes, scheme_from_bytes, sha256
from scoring.engine.types import CountyFigures, Figure, Measure
from scoring.models import Scheme, SchemeVersion
from scoring.schemes.golden import Case, Expected
from tests.architecture.graded_samples import SCHEME
from tests.architecture.samples import Sample, provides

PROVIDED = {"scheme_version", "locked_scheme_version", "scheme_position", "golden_case"}


@dataclass(frozen=True, slots=True)
class Versions:
    locked: SchemeVersion
    draft: SchemeVersion


# Providers of one request must speak of the same scheme; users are made anew for each test.
_made: dict[UUID, Versions] = {}


def _versions(user: User) -> Versions:
    if user.public_id not in _made:
        _made.clear()
        _made[user.public_id] = _make()
    return _made[user.public_id]


def _make() -> Versions:
    count = Scheme.objects.count()
    system = IndicatorSystem.objects.create(code=f"editor-{count}", name="试验体系")
    scheme = Scheme.objects.create(code=f"editor-{count}", name="试验方案", system=system)
    text = scheme_bytes(scheme_from_bytes(json.dumps(SCHEME).encode())).decode()
    locked, draft = (
        SchemeVersion.objects.create(
            scheme=scheme, number=number, state=state, document=text, sha256=sha256(text.encode())
        )
        for number, state in enumerate(("locked", "draft"), 1)
    )
    figure = Figure("02", Measure(panel=(Decimal(5),)))
    county = CountyFigures("000000", "试验县", (figure,))
    keep_cases(draft, [Case("用例", "", county, Expected({"02": Decimal(5)}))])
    return Versions(locked, draft)


@provides("scheme_version")
def a_scheme_version(user: User) -> Sample:
    """One that may be edited."""
    return Sample(own=_versions(user).draft.public_id)


@provides("locked_scheme_version")
def a_locked_scheme_version(user: User) -> Sample:
    """One that another may be begun from."""
    return Sample(own=_versions(user).locked.public_id)


@provides("scheme_position")
def a_scheme_position(user: User) -> Sample:
    """The first indicator."""
    return Sample(own=0)


@provides("golden_case")
def a_golden_case(user: User) -> Sample:
    """The draft's only one."""
    return Sample(own=_versions(user).draft.golden_cases.get().public_id)
