"""A run folder read back, layers as maps draw them, words in two languages."""
