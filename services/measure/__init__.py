"""measure: Reading -> Claim -> Indicator; what is now believed about each count, and who says so."""
