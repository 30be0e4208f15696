"""A graded province, and S1 drawn up by its city."""

from dataclasses import dataclass

import pytest

from county_portal.accounts.models import User
from tests.scoring.conftest import published, reviewed, run, scheme
from tests.uplift.plans import city_crew, fill_register, s1_draft, settled
from uplift.models import PlanVersion

__all__ = ["published", "reviewed", "run", "scheme"]


@dataclass(frozen=True, slots=True)
class City:
    """石家庄 with its 21 counties: who draws up, who settles, and the draft of S1."""

    drafter: User
    decider: User
    draft: PlanVersion

    def settled(self) -> PlanVersion:
        """The same, settled."""
        version: PlanVersion = settled(self.drafter, self.decider, self.draft)
        return version


@pytest.fixture
def city(people, province, version, scheme) -> City:
    """With everybody of the small province beside."""
    fill_register(province)
    drafter, decider = city_crew(province)
    return City(drafter, decider, s1_draft(drafter, version))
