"""What a scenario file may say, and how one inherits from another."""
