"""What is done at the desk: decisions, corrections, one submission again."""
