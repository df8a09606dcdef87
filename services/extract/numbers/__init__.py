"""Numbers as the words give them, and what only looks like a count."""
