"""collect: feeds, requests, files -> Article, once, whatever way it came."""
