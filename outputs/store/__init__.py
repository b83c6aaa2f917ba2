"""The database: its tables, its one writer, its readers, the originals beside it."""
