"""The grammar of a sentence: noun phrases, verbs, and who is subject or object of what."""
