"""Signs of measures for pages."""
