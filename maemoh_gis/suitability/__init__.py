"""Limits, value functions, weights, combining and sites."""
