"""The reference tables: editions, entries, lookups, import and check."""
