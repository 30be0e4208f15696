"""Job handlers of scoring, a module for each kind of work; each registers its kinds on import."""

from scoring.tasks import appeals, grading, lists, nightly, rehearsals, robustness

__all__ = ["appeals", "grading", "lists", "nightly", "rehearsals", "robustness"]
