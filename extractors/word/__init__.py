"""Word files: their tables and text, with styles, numbering and tracked changes resolved."""
