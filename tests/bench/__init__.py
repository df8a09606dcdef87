"""`make bench`: how many articles a second, how long from publish to webhook, how much memory. Not collected by pytest."""
