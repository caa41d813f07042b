"""Counts over time, exact and sampled."""
