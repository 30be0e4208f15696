"""Reads of reports: who may see which card, and everything a card says."""
