"""Forms of administration."""
