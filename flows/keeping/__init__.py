"""Audit, backup, restore and erasure of an office's database."""
