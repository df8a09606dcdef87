"""What words mean by themselves: the tables of words and names, read once, and how a long list of names is found."""
