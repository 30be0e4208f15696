"""Decisions of monitoring that need no database."""
