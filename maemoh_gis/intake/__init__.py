"""How does a file of one's own become a layer? Looked at, asked about, written, taken back."""
