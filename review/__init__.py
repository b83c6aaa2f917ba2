"""The staff's page: what waits, the sender's own page with the cell framed, and deciding about it."""
