"""Stages, their keys, strips and kept results: knows no feature."""
