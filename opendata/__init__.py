"""Published results for programs, and the way in for the systems of other offices."""
