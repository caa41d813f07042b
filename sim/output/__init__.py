"""Text, pictures, the page and the files: what shows a result and computes none."""
