"""A name on the page beside the names of one person."""

from __future__ import annotations

from functools import cache

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from backfile.domain.names import fold_name, is_placeholder_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.patient import PersonName
from classify.matching.facts import Seen
from classify.matching.levels import Compared, Field, Level, speak_for_all
from classify.matching.people import Person

# Winkler's thresholds for names as Splink and the NHS's personal demographics matching use them.
_ALIKE = 0.92
_SOUNDS = 0.86
_AS_LETTERS = str.maketrans("0158|!", "OISBII")

NameFields = dict[Field, Compared]
_FIELDS = (Field.LAST_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.SUFFIX)
_SCORES = {
    Level.EXACT: 8, Level.NICKNAME: 7, Level.INITIAL: 5, Level.PART: 5, Level.CLOSE: 4, Level.SWAPPED: 3,
    Level.SOUND: 2, Level.MISSING: 1, Level.CONFLICT: 0,
}  # fmt: skip


def compare_names(names: tuple[Seen[PersonName], ...], person: Person) -> NameFields:
    """Compare the names on a page with all names of a person; each reading with the name it fits best."""
    read = [_compare_best(seen, person) for seen in names]
    return {name: speak_for_all([parts[name] for parts in read if name in parts]) for name in _FIELDS}


def speaks_of_another(last_names: tuple[str, ...], person: Person) -> bool:
    """Say whether the text of a page speaks of people by last names, and none could be the person's.

    A surname alone agrees with nobody; it can only speak against the name on a label.
    """
    return bool(last_names) and not any(
        _compare_last(last, known.last)[0] is not Level.CONFLICT
        for last in last_names
        for known in person.names
    )


def _compare_best(seen: Seen[PersonName], person: Person) -> NameFields:
    if is_placeholder_name(seen.value):
        said = Compared(Level.MISSING, "a placeholder, not a name")
        return {Field.LAST_NAME: said, Field.FIRST_NAME: said}
    ways = [
        _compare(read, seen, known, is_alias=at > 0)
        for at, known in enumerate(person.names)
        for read in (seen.value, _part_like(seen, known))
        if read is not None
    ]
    return ways[0] if len(ways) == 1 else max(ways, key=_score)


def _part_like(seen: Seen[PersonName], known: PersonName) -> PersonName | None:
    """Part a name without a comma as the index parts it, where every word finds its place.

    "GILL KAMALA" may be Kamala Gill, and "Miguel Rodriguez Estrada" has one last name or two: both readings
    are what the paper says. Whoever else they fit is a namesake, and stops the filing.
    """
    if not seen.written:
        return None
    words = list(seen.written)
    last, first = fold_name(known.last).split(), fold_name(known.first).split()
    if not last or not first or len(words) < len(last) + len(first):
        return None
    if words[: len(first)] == first and words[-len(last) :] == last:
        middle = words[len(first) : -len(last)]
    elif words[: len(last) + len(first)] == last + first:
        middle = words[len(last) + len(first) :]
    else:
        return None
    if len(middle) > 1:
        return None
    return PersonName(" ".join(last), " ".join(first), " ".join(middle), seen.value.suffix)


def _score(parts: NameFields) -> tuple[int, int, int]:
    """Rank a way of reading: last and first name together, then what the rest adds."""
    main = _SCORES.get(parts[Field.LAST_NAME].level, 4) + _SCORES.get(parts[Field.FIRST_NAME].level, 4)
    worst = min(_SCORES.get(parts[name].level, 4) for name in (Field.LAST_NAME, Field.FIRST_NAME))
    rest = _SCORES.get(parts[Field.MIDDLE_NAME].level, 4) + _SCORES.get(parts[Field.SUFFIX].level, 4)
    return (main, worst, rest)


def _compare(read: PersonName, seen: Seen[PersonName], known: PersonName, *, is_alias: bool) -> NameFields:
    read = _split_like(read, known)
    last, last_note = _compare_last(read.last, known.last)
    if last is Level.CONFLICT and fold_name(known.last) in fold_name(read.middle).split():
        last, last_note = Level.PART, "one part of a double name"  # "Maria Garcia Lopez"
    first, first_note = _compare_first(read, known)
    if Level.CONFLICT in (last, first) and _are_swapped(read, known):
        last = first = Level.SWAPPED
        last_note = first_note = "last and first name swapped"
    if is_placeholder_name(known):
        first, first_note = Level.MISSING, "the index has a placeholder"
    middle, middle_note = (
        _compare_middle(read, known) if first not in (Level.MISSING, Level.CONFLICT) else (Level.MISSING, "")
    )
    if is_alias and last is Level.EXACT:
        last_note = "another name of the patient"
    is_sure = seen.is_sure
    return {
        Field.LAST_NAME: _compared(last, last_note, is_sure),
        Field.FIRST_NAME: _compared(first, first_note, is_sure),
        Field.MIDDLE_NAME: _compared(middle, middle_note, is_sure),
        Field.SUFFIX: _compared(*_compare_suffix(read, known), is_sure),
    }


def _split_like(read: PersonName, known: PersonName) -> PersonName:
    """Part a name in natural order as the index parts it: "Ana K Salazar Chavez" has two last names.

    Where all words of the known last name stand at the end of the read one, they are the last name.
    """
    last = fold_name(known.last).split()
    size = len(last)
    if size < 2:
        return read
    words = [*read.middle.split(), *read.last.split()]
    if size > len(words) or size == len(read.last.split()):
        return read
    if [fold_name(word) for word in words[-size:]] != last:
        return read
    return PersonName(" ".join(words[-size:]), read.first, " ".join(words[:-size]), read.suffix)


@cache  # of few levels and notes
def _compared(level: Level, note: str, is_sure: bool) -> Compared:
    if level in (Level.EXACT, Level.NICKNAME) and not is_sure:
        return Compared(Level.UNSURE, "equal, but read with doubt")
    return Compared(level, note, is_sure, is_far=level is Level.CONFLICT)


def _compare_last(read: str, known: str) -> tuple[Level, str]:
    a, b = fold_name(read), fold_name(known)
    if not a or not b:
        return Level.MISSING, ""
    if a.replace(" ", "") == b.replace(" ", ""):
        return Level.EXACT, ""
    shared = {part for part in set(a.split()) & set(b.split()) if len(part) > 2}
    if shared and (" " in a or " " in b):
        return Level.PART, "one part of a double name"
    return _compare_letters(a.replace(" ", ""), b.replace(" ", ""))


def _compare_first(read: PersonName, known: PersonName) -> tuple[Level, str]:
    a, b = fold_name(read.first), fold_name(known.first)
    if not a or not b:
        return Level.MISSING, ""
    if a.replace(" ", "") == b.replace(" ", "") or _is_same_compound(read, known):
        return Level.EXACT, ""
    if len(a) == 1 or len(b) == 1:
        return (Level.INITIAL, "initial only") if a[0] == b[0] else (Level.CONFLICT, "another initial")
    if are_forms_of_one_name(a, b):
        return Level.NICKNAME, "short form of the name"
    if a.split()[0] == b.split()[0]:
        return Level.PART, "one part of a double name"
    level, note = _compare_letters(a.replace(" ", ""), b.replace(" ", ""))
    if level is Level.CONFLICT and a == fold_name(known.middle):
        note = "the patient's middle name"
    return level, note


def _is_same_compound(read: PersonName, known: PersonName) -> bool:
    """Say whether "Mary Ann" is a double first name on one side, first and middle name on the other."""
    one, other = fold_name(read.first), fold_name(known.first)
    if " " not in one and " " not in other:
        return False
    a, b = one.split(), other.split()
    if len(a) == len(b):
        return False
    with_middle = (*a, *fold_name(read.middle).split()), (*b, *fold_name(known.middle).split())
    size = max(len(a), len(b))
    return with_middle[0][:size] == with_middle[1][:size]


def _compare_middle(read: PersonName, known: PersonName) -> tuple[Level, str]:
    a, b = fold_name(read.middle), fold_name(known.middle)
    if not a or not b:
        return Level.MISSING, ""
    if len(fold_name(read.first).split()) != len(fold_name(known.first).split()):
        return Level.MISSING, ""  # the middle name went into a double first name
    if a == b:
        return (Level.EXACT, "") if len(a) > 1 else (Level.INITIAL, "initial only")
    if min(len(a), len(b)) == 1 or len(a.split()[0]) == 1 or len(b.split()[0]) == 1:
        return (Level.INITIAL, "initial only") if a[0] == b[0] else (Level.CONFLICT, "another initial")
    if set(a.split()) & set(b.split()):
        return Level.PART, "one of several middle names"
    if are_forms_of_one_name(a, b):
        return Level.CLOSE, "short form of the name"
    return _compare_letters(a.replace(" ", ""), b.replace(" ", ""))


def _compare_suffix(read: PersonName, known: PersonName) -> tuple[Level, str]:
    if not read.suffix or not known.suffix:
        return Level.MISSING, ""
    if read.suffix == known.suffix:
        return Level.EXACT, ""
    if {read.suffix, known.suffix} == {"Jr", "II"}:
        return Level.CLOSE, "Jr and II may be one person"
    return Level.CONFLICT, "another suffix"


def _compare_letters(a: str, b: str) -> tuple[Level, str]:
    if len(a) == len(b) and a.translate(_AS_LETTERS) == b.translate(_AS_LETTERS):
        return Level.CLOSE, "letters read as digits"
    if min(len(a), len(b)) > 2 and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
        return Level.CLOSE, "one letter differs"
    likeness = JaroWinkler.similarity(a, b)
    if likeness >= _ALIKE:
        return Level.CLOSE, "spelled much alike"
    if likeness >= _SOUNDS and jellyfish.metaphone(a) == jellyfish.metaphone(b):
        return Level.SOUND, "sounds alike"
    return Level.CONFLICT, "another name"


def _are_swapped(read: PersonName, known: PersonName) -> bool:
    return fold_name(read.last) == fold_name(known.first) and fold_name(read.first) == fold_name(known.last)
