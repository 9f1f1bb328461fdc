"""What is indexed, the query language, hits and highlights; one file for each engine."""
