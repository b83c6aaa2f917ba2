"""Bytes in, text with its place out: mail, archives, Word and PDF files. Knows no rules."""
