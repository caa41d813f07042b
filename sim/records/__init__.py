"""Records of cases as people write them: read into the facts the desk asks for."""
