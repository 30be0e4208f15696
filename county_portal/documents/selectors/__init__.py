"""The door to official documents."""
