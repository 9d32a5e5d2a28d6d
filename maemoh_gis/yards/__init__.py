"""Rectangles beside the line in which a yard fits, and candidates at stations."""
