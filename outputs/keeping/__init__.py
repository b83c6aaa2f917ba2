"""Keeping the database: audit, backup and restore, erasure."""
