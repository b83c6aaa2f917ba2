"""What the page and the papers ask of the database."""
