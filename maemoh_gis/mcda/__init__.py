"""Values, weights and ways to combine them: no grid and no file."""
