"""Scanned pages: the cells and texts of their tables."""
