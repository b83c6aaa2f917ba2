"""What was typed: brought into the register's form, and how alike two texts are."""
