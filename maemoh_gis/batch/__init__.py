"""Many runs: planned, priced, run beside one another, listed."""
