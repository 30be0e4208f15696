"""Reads of uplift plans."""
