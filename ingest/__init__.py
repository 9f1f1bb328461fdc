"""The watch folder, the pipeline, workers and supervisor, and the ``backfile`` command."""
