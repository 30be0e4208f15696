"""Template tags of monitoring."""
