"""A light stemmer: plurals only, nothing that could turn one name or drug into another.

The rules are Harman's S-stemmer (D. Harman, "How effective is suffixing?", JASIS 42(1), 1991) with three
repairs: -xes, -ches, -shes and -sses lose two letters (boxes, patches, masses), words in -is and -os stay,
and irregular medical plurals come from a table. Frequent names that end in s (Williams, James) stay too.
No -ing, -ed or -ation is touched: "bleeding" and "bleed" stay two words.
"""

from __future__ import annotations

from search.stem_words import INVARIABLE, IRREGULAR

_MIN_LETTERS = 4
_VOWELS = "aeiou"
_STAY = ("ss", "us", "is", "os")
_LOSE_TWO = ("sses", "xes", "ches", "shes", "zzes")
_EXTENDED_STEMS = ("sse", "xe", "che", "she", "zze")
"""What a beginning of a word in ``_LOSE_TWO`` ends with when it is longer than the stem."""


def stem_word(word: str) -> str:
    """Return the stem of a folded word; words with anything but letters come back as they are.

    Stemming a stem changes nothing more.
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    if not word.endswith("s") or len(word) < _MIN_LETTERS or not word.isalpha():
        return word
    if word.endswith(_STAY) or word in INVARIABLE:
        return word
    if word.endswith("ies") and len(word) > _MIN_LETTERS and word[-4] not in _VOWELS:
        return word[:-3] + "y"
    if word.endswith(_LOSE_TWO) and not word.endswith("aches"):
        return word[:-2]
    if word.endswith("aches"):
        return _stem_aches(word)
    return word[:-1]


def stems_beside(beginning: str) -> frozenset[str]:
    """Return the stems that words with this beginning can have although they do not begin with it.

    ``biopsi`` begins biopsies, whose stem is biopsy; ``masse`` begins masses, whose stem is mass. Together
    with "the token begins so", these find every word that begins so.
    """
    stems = {stem_word(beginning)}
    stump = beginning.removesuffix("e").removesuffix("i")
    if beginning.endswith(("i", "ie")) and stump and stump[-1] not in _VOWELS:
        stems.add(stump + "y")
    elif beginning.endswith(_EXTENDED_STEMS):
        stems.add(beginning[:-1])
    if len(beginning) >= _MIN_LETTERS - 1:
        stems |= {stem for plural, stem in IRREGULAR.items() if plural.startswith(beginning)}
    return frozenset(stem for stem in stems if not stem.startswith(beginning))


def _stem_aches(word: str) -> str:
    """Headaches is headache, but reaches is reach."""
    is_ache = word == "aches" or word.removesuffix("aches") in _ACHING
    return word[:-1] if is_ache else word[:-2]


_ACHING = frozenset({"back", "belly", "body", "ear", "face", "head", "heart", "stomach", "tooth"})
