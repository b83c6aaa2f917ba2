"""Seals: where they are on a page, and whose name is in the ring."""
