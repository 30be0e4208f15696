"""Datasets, and what tokens name."""

from county_portal.accounts.models import User
from tests.architecture.samples import Sample, provides

PROVIDED = {"dataset"}


@provides("dataset")
def a_dataset(user: User) -> Sample:
    """Everybody's."""
    return Sample(own="lists")
