"""Sheets of single sites, villages and towns."""
