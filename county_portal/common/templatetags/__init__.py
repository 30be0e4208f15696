"""Template tags and filters shared by every app: wording and geometry, never queries."""
