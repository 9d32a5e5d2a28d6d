"""Land that fits a use, delineated and described."""
