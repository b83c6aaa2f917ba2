"""The labelled set of the matcher: real pairs and made ones, and the matcher beside its rivals."""
