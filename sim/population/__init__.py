"""The user's own people: read, checked against the law and made a stock."""
