"""Editions of the reference tables."""
