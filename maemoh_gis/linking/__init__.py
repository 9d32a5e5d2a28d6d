"""How rails, a road and power could reach a place, over what, or why they cannot."""
