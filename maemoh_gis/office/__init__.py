"""What a planner takes out of a run: pictures, documents for Word and slides."""
