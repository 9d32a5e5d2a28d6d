"""Building the bundled screening pack from its sources."""
