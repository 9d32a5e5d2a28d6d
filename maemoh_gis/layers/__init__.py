"""Layers: what the catalog says, reading them, checking them."""
