"""Pages: markup, the one style and the one frame of every page the project writes."""
