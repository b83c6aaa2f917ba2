"""The rules of the notice, one pure function per finding or close family of findings."""
