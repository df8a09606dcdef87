"""extract: Article -> Reading, what an article says happened, in numbers, with the words that say it."""
