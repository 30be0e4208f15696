"""Writes of official documents."""
