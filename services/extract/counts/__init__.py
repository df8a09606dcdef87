"""One count for each fact: repeats joined, parts put under wholes, and all that is known of each filled in."""
