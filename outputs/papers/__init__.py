"""What goes out: workbooks, registers, reports, notices and replies."""
