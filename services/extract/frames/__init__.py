"""Which words tell a measure of whom, and whether they say that it happened."""
