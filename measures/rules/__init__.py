"""Pure decisions of the ledger: reading texts, months due, goals, what a monthly report says."""
