"""Use cases that change records: each is one transaction with its audit event."""
