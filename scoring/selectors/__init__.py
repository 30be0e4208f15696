"""Reads of scoring, one module per thing read."""
