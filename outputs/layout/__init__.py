"""Workbooks and Word papers: how they are laid out."""
