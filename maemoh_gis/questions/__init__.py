"""Legal questions no layer can settle: what to ask, whom, and how far things lie."""
