"""Guides beside the pages, their pictures and their search."""
