"""The path after coal: units, years, amounts, zones."""
