"""Forms printed, stamped, scanned and degraded, with their truth: how surely they are read back."""
