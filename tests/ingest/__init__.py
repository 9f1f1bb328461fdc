"""Tests of the watch folder, the queue, the workers and their supervisor."""
