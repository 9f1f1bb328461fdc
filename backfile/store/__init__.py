"""The catalog, its unit of work, and the content-addressed files."""
