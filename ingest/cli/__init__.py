"""The ``backfile`` command: one file for each group of commands."""
