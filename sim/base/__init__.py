"""What every room needs: streams of chance, files written whole, provenance, published figures, errors, workers."""
