"""The catalog and the file store."""
