"""What a scenario may say, and whether it fits the layers."""
