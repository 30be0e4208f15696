"""Words and signs of the pilot programme's states for pages."""
