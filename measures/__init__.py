"""The ledger of measures and tasks with the units responsible, and the monthly report on them."""
