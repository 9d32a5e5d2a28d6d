"""YAML read strictly, with line numbers, and held against a schema."""
