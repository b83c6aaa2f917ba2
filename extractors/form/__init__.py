"""The form of Annex 1 in tables: its header, its rows, the unit above and below."""
