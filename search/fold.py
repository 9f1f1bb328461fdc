"""Case, accents and typographic variants folded away, the same for pages and queries."""

from __future__ import annotations

import re
import unicodedata

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    }
)
"""One character for each family of dashes, apostrophes, quotes and slashes; zero-width ones vanish."""

_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "μ": "u"}
)
"""Letters that no Unicode decomposition takes apart; the micro sign stands for u as in "ug"."""

_RAISED_AFTER_DIGIT = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹₀-₉¼-¾⅐-⅞])")
"""Where 10⁹ would fold to 109 and 5½ to 51/2."""

SOFT_HYPHEN = "\u00ad"


def unify_typography(text: str) -> str:
    """Return the text with plain dashes, apostrophes, quotes and slashes; its case and accents stay.

    A soft hyphen at the end of a word is a hyphen (the word goes on in the next line), else nothing.
    """
    if text.isascii():
        return text
    plain = text.translate(_TYPOGRAPHY)
    if plain.endswith(SOFT_HYPHEN):
        plain = plain.rstrip(SOFT_HYPHEN) + "-"
    plain = plain.replace(SOFT_HYPHEN, "")
    return _RAISED_AFTER_DIGIT.sub(" ", plain)


def fold_text(text: str) -> str:
    """Return the text without case, accents and compatibility forms; digits of any script become 0-9.

    Folding twice changes nothing more.
    """
    if text.isascii():
        return text.lower()
    bare = text
    for _ in range(3):  # a decomposition can bring forth a capital, and a capital another decomposition
        bare = "".join(
            char for char in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(char)
        )
        bare = bare.casefold().translate(_LETTERS).translate(_TYPOGRAPHY)
    bare = unicodedata.normalize("NFC", bare)
    return bare if bare.isascii() else "".join(map(_plain_digit, bare))


def _plain_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)
