"""`make bench`: what a message costs here and elsewhere, how quick the whole pipeline is, how long a rebuild takes."""
