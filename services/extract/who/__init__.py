"""Who: the actors that a text names, whose people are counted, who did it, and who says so."""
