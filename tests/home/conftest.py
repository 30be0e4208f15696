"""The graded collection and the published list of scoring's tests."""

from tests.scoring.conftest import drafted, published, reviewed, run, scheme, stored_file

__all__ = ["drafted", "published", "reviewed", "run", "scheme", "stored_file"]
