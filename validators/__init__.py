"""Normalising, matching and the rules: records and lookups in, findings out. Pure."""
