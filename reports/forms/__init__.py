"""Forms of reports, one module per matter."""
