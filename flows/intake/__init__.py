"""The quarterly run: from the mailbox to the reports."""
