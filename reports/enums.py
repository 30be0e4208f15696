"""Names of reports."""

REPORT_CARDS_JOB = "reports.cards"
REPORT_CARD_PAPER = "report_card"  # kind of the paper a card is issued as
