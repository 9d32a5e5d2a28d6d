"""What people in a room hold important, from the form they fill to what it changes."""
