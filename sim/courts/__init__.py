"""Who asks, what is granted, and when."""
