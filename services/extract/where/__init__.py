"""Where: the places that a text names, and those of them that are not where it happened."""
