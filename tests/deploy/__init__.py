"""Tests of the files for a site with containers."""
