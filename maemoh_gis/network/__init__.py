"""Roads and railways as graphs, and ways over them."""
