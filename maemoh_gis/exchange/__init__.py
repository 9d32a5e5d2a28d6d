"""Roads and rails handed to other programs, and taken over from them."""
