"""What a way between two named places takes and costs, on roads and rails."""
