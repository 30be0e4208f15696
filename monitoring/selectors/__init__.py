"""Reads of monitoring."""
