"""Checks of what a run has written, by reading it back and working it out another way."""
