"""Pictures of pages: made even, straight and clean, and the characters on them."""
