"""Pages of the documentation that are made from what the project holds, anew at every build."""
