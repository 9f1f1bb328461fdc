# ruff: noqa: E501 - words in rows
"""Whether a text is English: the models know no other language, and must not guess at one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from classify.word_lists import split_words

_ENGLISH = split_words(
    """
    the of and to in with for was is on at by this that has have had not no are be from as or an will were been
    patient his her she he your you my any may if all which who after date name birth please
    """
)
_OTHERS = {
    "es": """
        el la los las del que en por con para una uno su lo como más fue sin sobre este esta paciente fecha nombre
        nacimiento años sus ha han es
        """,
    "de": """
        der die das und ist mit nicht ein eine einer eines dem den des zu von wir sie ich im auf für bei sich wird wurde
        nach über am geboren patienten sehr keine war haben hat sind zur zum durch
        """,
    "fr": """
        le les des du est pour dans une un au aux par avec sur nous vous ce cette qui que il elle sans son sa ses
        naissance nom ans pas été je
        """,
    "pt": """
        os as da dos das em um uma não para com por que foi ao sem paciente nome nascimento data anos seu sua
        """,
    "it": """
        il lo gli di del della dei delle che con per una un non nel nella da alla sono stato nome nascita data
        paziente anni
        """,
    "pl": """
        się nie jest że dla jest pacjent pacjenta imię nazwisko urodzenia przez oraz lub od bez lat
        """,
    "vi": """
        của và là có được cho không trong với người bệnh nhân ngày sinh tại các một những này
        """,
    "tl": """
        ang sa mga mo at hindi para kung ito pangalan petsa kapanganakan pasyente
        """,
    "ht": """
        la nan yo pou ak mwen li yon ki sou non dat nesans pasyan tout oswa gen
        """,
}


def _fold(word: str) -> str:
    """Return a word in small letters without accents, which reading often loses."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


_FOREIGN = {name: frozenset(map(_fold, split_words(text))) - _ENGLISH for name, text in _OTHERS.items()}
_LEAST = 6
"""Words of a language that must be there before it is taken for that language."""
_DIFFERENT = 5
"""So many of them different ones: "de la Cruz" may stand on every line of an English form."""
_TIMES = 1.5
"""So many times as many as of English."""


def is_other_language(words: Iterable[str]) -> bool:
    """Say whether words are rather of another language than of English.

    A few foreign words on an English form (names, places, an interpreter's note) do not make it so, nor does
    a form with hardly any small words.
    """
    counts = Counter(_plain(word) for word in words)
    english = sum(count for word, count in counts.items() if word in _ENGLISH)
    for known in _FOREIGN.values():
        found = [count for word, count in counts.items() if word in known]
        if sum(found) >= max(_LEAST, _TIMES * english) and len(found) >= _DIFFERENT:
            return True
    return False


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    return _fold(word.strip(".,:;()[]\"'!?¿¡«»"))
