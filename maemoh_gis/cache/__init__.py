"""Results that outlive a run: a folder nobody else reads, whole or nothing."""
