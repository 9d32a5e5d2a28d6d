"""How alike land is to where a use stands today: evidence beside the score, never the ranking."""
