"""Use cases that change records."""
