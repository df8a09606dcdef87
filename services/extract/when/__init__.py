"""When: the times that a text tells, and which of them is a count's own."""
