"""Limits, measures and scores of cells."""
