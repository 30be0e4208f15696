"""Template tags of uplift."""
