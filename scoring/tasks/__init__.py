"""Job handlers of scoring, a module for each kind of work; each registers its kinds on import."""

from scoring.tasks import grading, lists, rehearsals

__all__ = ["grading", "lists", "rehearsals"]
