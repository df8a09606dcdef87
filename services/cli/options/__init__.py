"""What commands take as options, and a person writes in more than one way."""
