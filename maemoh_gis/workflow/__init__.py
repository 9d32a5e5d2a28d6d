"""Joining layers, scoring and maps into a run."""
