"""Defects planted on purpose, each with the message it must give."""
