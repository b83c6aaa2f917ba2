"""Tables: from rules and glyphs to cells."""
