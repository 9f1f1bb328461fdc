"""Looking a patient up by hand: by MRN, name and birth date, in any order, as a person types them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.blocking import BlockKind, numbers_one_edit_away, sound_keys
from backfile.domain.names import fold_name
from backfile.domain.nicknames import are_forms_of_one_name
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient, PatientQuery, PersonName, find_survivor
from backfile.services.patient_text import PatientText, read_patient_text
from backfile.store.patients import PatientRepository

SHOWN = 20
"""Patients that a search returns at most; who is not among them is found by typing more."""
_FETCHED = 60


def find_patients(
    text: str, *, patients: PatientRepository, today: dt.date, limit: int = SHOWN
) -> list[Patient]:
    """Return the patients who fit what was typed, the best first; merged records give way to survivors.

    An MRN fits exactly or within one edit; a name from its first letters on, by sound, or as a short form;
    a birth date exactly. Of several things typed the more fit the better; nothing must fit.

    Args:
        text: As typed, e.g. ``harl ja 4/18/1961`` or ``00482913``.
        patients: The patient index.
        today: For birth dates with two-digit years.
        limit: Most to return.
    """
    wanted = read_patient_text(text, today=today)
    if wanted.is_empty:
        return []
    found: dict[str, tuple[float, Patient]] = {}
    for record in _fetch(wanted, patients):
        survivor = find_survivor(record, patients)
        if survivor is None:
            continue
        score = max(_score(wanted, record), _score(wanted, survivor))
        known = found.get(survivor.id)
        found[survivor.id] = (max(score, known[0] if known else 0), survivor)
    scored = [one for one in found.values() if one[0] > 0]
    best = max((score for score, _ in scored), default=0.0)
    kept = [(score, p) for score, p in scored if score * 4 >= best]
    kept.sort(key=lambda one: (-one[0], fold_name(str(one[1].name)), one[1].id))
    return [p for _, p in kept[:limit]]


def _fetch(wanted: PatientText, patients: PatientRepository) -> Iterator[Patient]:
    for number in wanted.numbers:
        yield from patients.find_under_prefix(BlockKind.NUMBER, number, limit=_FETCHED)
        yield from patients.find_candidates(PatientQuery(mrns=(number,)), limit=_FETCHED)
    if wanted.birth_date:
        yield from patients.find_candidates(PatientQuery(birth_dates=(wanted.birth_date,)), limit=_FETCHED)
    for last, first in _splits(wanted):
        whole = last.replace(" ", "")
        prefix = f"{whole}|{first.replace(' ', '')}" if first else whole
        yield from patients.find_under_prefix(BlockKind.FULL_NAME, prefix, limit=_FETCHED)
        if first:
            yield from patients.find_under_prefix(BlockKind.FULL_NAME, whole, limit=3 * _FETCHED)
        if first and len(last) > 2:
            yield from patients.find_candidates(
                PatientQuery(names=(PersonName(last, first),)), limit=_FETCHED
            )
        elif len(last) > 2:
            yield from _by_sound_of_last(last, patients)


def _by_sound_of_last(last: str, patients: PatientRepository) -> Iterator[Patient]:
    keys = sound_keys(PatientQuery(names=(PersonName(last, last),)))
    for sound in dict.fromkeys(key[:4] for _, key in keys):  # Soundex: a letter and three digits
        yield from patients.find_under_prefix(BlockKind.SOUND, sound, limit=_FETCHED)


def _splits(wanted: PatientText) -> Iterable[tuple[str, str]]:
    """Return the ways to part the words into last and first name."""
    words = wanted.words
    if wanted.last:
        rest = words[len(wanted.last.split()) :]
        return [(wanted.last, " ".join(rest[:1]))]
    if len(words) < 2:
        return [(word, "") for word in words]
    ways = [(" ".join(words[:at]), words[at]) for at in range(1, len(words))]
    ways += [(" ".join(words[at:]), words[0]) for at in range(1, len(words))]
    return list(dict.fromkeys([*ways, (" ".join(words), "")]))


def _score(wanted: PatientText, patient: Patient) -> float:
    """Return how well a patient fits: 0 for not at all."""
    numbers = {normalize_number(i.value) for i in patient.identifiers}
    score = sum(_score_number(number, numbers) for number in wanted.numbers)
    if wanted.birth_date:
        score += 8 if wanted.birth_date == patient.birth_date else 0
    if wanted.words:
        names = (patient.name, *patient.aliases)
        score += max(_score_name(way, name) for way in _splits(wanted) for name in names)
    return score


def _score_number(number: str, known: set[str]) -> float:
    if number in known:
        return 20
    if any(one.startswith(number) for one in known):
        return 6
    return 5 if known.intersection(numbers_one_edit_away(number)) else 0


def _score_name(way: tuple[str, str], name: PersonName) -> float:
    last = _score_part(way[0], fold_name(name.last))
    first = _score_part(way[1], fold_name(name.first)) if way[1] else 0
    if way[1] and are_forms_of_one_name(way[1], fold_name(name.first)):
        first = max(first, 3)
    if way[1] and not (last and first):
        return max(last, first) / 3
    return last + first


def _score_part(typed: str, known: str) -> float:
    """Return 5 for the name itself, less for its beginning, its sound or one wrong letter."""
    a, b = typed.replace(" ", ""), known.replace(" ", "")
    if not a or not b:
        return 0
    if a == b:
        return 5
    if typed in known.split():
        return 4.5
    if b.startswith(a) or any(part.startswith(a) for part in known.split()):
        return 4 if len(a) > 1 else 2
    if min(len(a), len(b)) > 2 and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
        return 3
    is_alike = min(len(a), len(b)) > 2 and DamerauLevenshtein.normalized_similarity(a, b) >= 0.6
    return 2 if is_alike and a[0] == b[0] else 0
