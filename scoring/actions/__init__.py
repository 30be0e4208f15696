"""Writes of scoring, one module per act: schemes, panel, grading, publishing."""
