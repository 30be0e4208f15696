"""Reads of the ledger, one module per matter."""
