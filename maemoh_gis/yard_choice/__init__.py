"""Places for the yard compete: what each saves, which are told apart, which sets go together."""
