"""Results as a page that opens anywhere."""
