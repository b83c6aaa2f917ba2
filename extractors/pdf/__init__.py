"""PDF files: what is drawn on each page, and the form in it."""
