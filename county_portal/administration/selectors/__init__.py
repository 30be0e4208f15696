"""Reads of what administration keeps."""
