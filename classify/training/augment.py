# ruff: noqa: E501 - wordings in rows
"""Breadth beyond what the generator prints: other wordings of labels, none at all, other cases.

The wordings are combined from parts, so that they are many; those that belong to the families kept for
calibrating and for scores are left out.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from statistics import median

from backfile.domain.page import Word
from classify.training.noise import LabelledWords, upper_words

_OF_PATIENT = ("", "", "Patient", "Pt.", "Pt", "Pat.", "Patient's", "Client", "Resident", "Member", "Legal")
_NUMBER = ("#", "No.", "No", "Number", "Num", "Nbr", "ID", "Num.", "No:")
_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "name": (
        _OF_PATIENT,
        ("Name", "Full Name", "Last/First Name", "Name (Last First MI)", "Last, First, Middle", "Nm"),
    ),
    "birth_date": (
        _OF_PATIENT,
        ("DOB", "Birth Date", "Date of Birth", "D.O.B", "Birthday", "Bdate", "Birth", "Date Of Birth",
         "DOB (mm/dd/yy)", "B-date", "BD", "Born on", "Birthdate"),
    ),
    "mrn": (
        ("", "", "Patient", "Pt"),
        ("Med Rec", "Medical Record", "MR", "M.R.", "MRN", "Chart", "Hospital", "Unit", "History", "Med. Rec.",
         "Record", "Hosp", "Hosp.", "Patient", "Clinic", "Medical Rec"),
        _NUMBER,
    ),
    "encounter": (
        ("", "", "Patient", "Pt"),
        ("Account", "Acct", "Acct.", "Visit", "Encounter", "Enc", "FIN", "Admission", "Billing", "Case", "Episode"),
        _NUMBER,
    ),
    "sex": (_OF_PATIENT[:5], ("Sex", "Gender", "Sex:", "M/F", "Sex at Birth")),
    "service_date": (
        ("", "", "Patient"),
        ("Service Date", "Date of Service", "Date of Visit", "Visit Date", "Encounter Date", "Date Seen on",
         "Appt Date", "Appointment Date", "Date of Exam:", "Seen"),
    ),
    "phone": (_OF_PATIENT[:5], ("Phone", "Telephone", "Tel #", "Home Phone No.", "Cell Phone", "Mobile", "Ph #")),
    "address": (_OF_PATIENT[:5], ("Address", "Home Address", "Mailing Addr", "Street", "Residence Address")),
    "ssn": (("", "Patient"), ("SSN", "Soc Sec No", "Social Security No.", "SS #", "SSN Last 4")),
}  # fmt: skip
_LONGEST = 4
_NUMBER_FORMS = (
    "#####", "######", "######", "#######", "#######", "########", "########", "#########", "##########",
    "@######", "@#######", "@@#####", "MR######", "M########", "##-##-##", "###-##-##", "###-###", "######-#",
    "0000####", "00######", "@###-####",
)  # fmt: skip
"""Forms of numbers of patients and visits: what number it is must be told by its label and place."""


def draw_label(key: str, rng: random.Random) -> str:
    """Return a wording of a label that is kept from no family to be scored."""
    return rng.choice(_new_labels(key))


def draw_number(rng: random.Random) -> str:
    """Return a number in one of the forms that institutions use."""
    return _draw_number(rng.choice(_NUMBER_FORMS), rng)


def augment_page(page: LabelledWords, rng: random.Random) -> LabelledWords:
    """Return the page as another form might have printed it.

    Labels change their wording or are gone, headings are gone, everything is in capitals: each by chance.
    """
    words = list(page.words)
    chance = rng.random()
    if chance < 0.85:
        drops = chance > 0.78
        page = _change_labels(page, rng, rate=1.0 if drops else 0.75, drops=drops)
        words = list(page.words)
    if rng.random() < 0.5:
        words = _change_numbers(page, rng)
    spans = list(page.spans)
    if rng.random() < 0.08:
        heights = median([w.box[3] - w.box[1] for w in words]) if words else 0.0
        kept = [
            at
            for at, w in enumerate(words)
            if spans[at] >= 0 or w.box[1] > 0.4 or w.box[3] - w.box[1] <= 1.25 * heights
        ]
        words, spans = [words[at] for at in kept], [spans[at] for at in kept]
    shown = upper_words(words) if rng.random() < 0.12 else tuple(words)
    return LabelledWords(shown, tuple(spans), page.kinds)


def _change_numbers(page: LabelledWords, rng: random.Random) -> list[Word]:
    """Return the words with the patient's and the visit's number in another form; one form a kind."""
    forms = {kind: rng.choice(_NUMBER_FORMS) for kind in ("mrn", "encounter")}
    numbers = {kind: _draw_number(form, rng) for kind, form in forms.items()}
    words = list(page.words)
    for at, span in enumerate(page.spans):
        is_alone = page.spans.count(span) == 1 and not set(words[at].text) & set(":#")
        if span >= 0 and is_alone and (kind := page.kinds[span]) in numbers:
            words[at] = replace(words[at], text=numbers[kind])
    return words


def _draw_number(form: str, rng: random.Random) -> str:
    drawn = {"#": "0123456789", "@": "ABCDEHKMPRSTUVWZ"}
    return "".join(rng.choice(drawn[char]) if char in drawn else char for char in form)


def _change_labels(page: LabelledWords, rng: random.Random, *, rate: float, drops: bool) -> LabelledWords:
    known = _known_labels()
    words: list[Word] = []
    spans: list[int] = []
    chosen: dict[str, str] = {}
    at = 0
    while at < len(page.words):
        found = _find_label(page, at, known)
        if found is None:
            words.append(page.words[at])
            spans.append(page.spans[at])
            at += 1
            continue
        length, key = found
        if key not in chosen:
            chosen[key] = rng.choice(_new_labels(key)) if rng.random() < rate else "="
        old = page.words[at : at + length]
        if chosen[key] == "=":
            words += old
            spans += [-1] * length
        elif not drops:
            mark = old[-1].text[-1] if old[-1].text[-1] in ":-" else ""
            new = list(
                _print_label(chosen[key] + mark, old, upper=old[0].text.isupper() and len(old[0].text) > 2)
            )
            words += new
            spans += [-1] * len(new)
        at += length
    return LabelledWords(tuple(words), tuple(spans), page.kinds)


def _find_label(page: LabelledWords, at: int, known: dict[str, str]) -> tuple[int, str] | None:
    """Return the length and the key of the label that begins at a word, if any does."""
    first = page.words[at]
    if page.spans[at] >= 0 or not first.text[:1].isupper():
        return None
    for length in range(_LONGEST, 0, -1):
        part = page.words[at : at + length]
        if (
            len(part) < length
            or part[-1].line != first.line
            or any(s >= 0 for s in page.spans[at : at + length])
        ):
            continue
        text = " ".join(word.text for word in part)
        key = known.get(text.rstrip(":- ").lower())
        # A single plain word is a label only where something sets it off.
        if key and (length > 1 or text[-1] in ":#-." or text.isupper() or _is_set_off(page, at)):
            return length, key
    return None


def _is_set_off(page: LabelledWords, at: int) -> bool:
    if at + 1 >= len(page.words) or page.words[at + 1].line != page.words[at].line:
        return True
    gap = page.words[at + 1].box[0] - page.words[at].box[2]
    letter = (page.words[at].box[2] - page.words[at].box[0]) / max(1, len(page.words[at].text))
    return page.spans[at + 1] >= 0 or gap > 2 * letter


def _print_label(text: str, old: Iterable[Word], *, upper: bool) -> Iterable[Word]:
    """Yield the words of a label in the place of another; narrower print where it is longer."""
    places = list(old)
    x0, y0, x1, y1 = places[0].box[0], places[0].box[1], places[-1].box[2], places[0].box[3]
    parts = (text.upper() if upper else text).split()
    unit = (x1 - x0) / max(1, sum(map(len, parts)) + len(parts) - 1)
    x = x0
    for part in parts:
        yield replace(places[0], text=part, box=(x, y0, x + unit * len(part), y1))
        x += unit * (len(part) + 1)


@lru_cache(maxsize=1)
def _known_labels() -> dict[str, str]:
    from samples.families import FamilySplit
    from samples.wording import LABELS

    return {
        label.rstrip(":- ").lower(): key
        for key, sets in LABELS.items()
        if key in _PARTS
        for label in sets[FamilySplit.TRAIN]
    }


@lru_cache(maxsize=32)
def _new_labels(key: str) -> tuple[str, ...]:
    from samples.families import FamilySplit
    from samples.wording import LABELS

    kept_back = {
        label.lower()
        for sets in LABELS.values()
        for split in (FamilySplit.CALIBRATE, FamilySplit.DEMO)
        for label in sets[split]
    }
    every = (" ".join(part for part in parts if part) for parts in itertools.product(*_PARTS[key]))
    return tuple(sorted({label for label in every if label.lower() not in kept_back}))
