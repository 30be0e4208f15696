"""Job handlers of scoring, a module for each kind of work; each registers its kinds on import."""

from scoring.tasks import grading, lists, nightly, robustness

__all__ = ["grading", "lists", "nightly", "robustness"]
from scoring.tasks import rehearsals

__all__ = ["grading", "lists", "rehearsals"]
