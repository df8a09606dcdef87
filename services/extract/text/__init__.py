"""The text itself: its sentences, its words, and where each stands."""
