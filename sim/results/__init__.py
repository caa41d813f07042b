"""The tables a user reads, with bands and definitions."""
