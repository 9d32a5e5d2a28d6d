"""What earth a yard on a bed of its own would move, as far as heights can tell."""
