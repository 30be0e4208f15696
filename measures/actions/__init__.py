"""Writes of the ledger: one function per business act."""
