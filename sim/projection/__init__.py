"""Counts over time, exactly."""
