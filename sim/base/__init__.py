"""What every room needs: streams of chance, whole files, provenance, published figures, errors, workers."""
