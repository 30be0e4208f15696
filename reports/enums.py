"""Names of reports."""

REPORT_CARDS_JOB = "reports.cards"
