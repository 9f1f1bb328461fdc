"""Read models of the screens that watch the work: scans and overview."""
