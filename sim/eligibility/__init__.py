"""What the law gives each person: before, after, the cut, and the dates of release."""
