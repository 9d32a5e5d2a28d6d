"""Why no yard fits at a station as read, and what is the least that would have to give way."""
