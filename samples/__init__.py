"""Synthetic charts with exact truth, made from a seed. Nobody in them exists."""
