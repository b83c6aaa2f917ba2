"""Matching what was typed against the reference tables."""
