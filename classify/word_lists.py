"""Lists of words, kept readable in the code."""

from __future__ import annotations


def split_words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def split_phrases(text: str) -> frozenset[str]:
    """Return the phrases of a text: parted by bars and line ends."""
    return frozenset(phrase.strip() for phrase in text.replace("\n", "|").split("|") if phrase.strip())
