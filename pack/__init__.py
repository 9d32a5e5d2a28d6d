"""Builders of the bundled layers: `python -m pack --sources DIR`."""
