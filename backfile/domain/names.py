"""Names of people: reading their parts, folding their spelling, knowing placeholders and suffixes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from backfile.domain.patient import PersonName

_SUFFIXES = {
    "JR": "Jr", "JUNIOR": "Jr", "JNR": "Jr", "SR": "Sr", "SENIOR": "Sr", "SNR": "Sr",
    "II": "II", "2ND": "II", "III": "III", "3RD": "III", "IV": "IV", "4TH": "IV", "V": "V", "5TH": "V",
}  # fmt: skip
_TITLES = {
    "MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "PROFESSOR", "REV", "REVEREND", "HON", "SIR", "DAME",
    "FR", "CAPT", "LT", "SGT", "COL", "MAJ", "MASTER",
}  # fmt: skip
_CREDENTIALS = {
    "MD", "RN", "PHD", "PAC", "DDS", "DMD", "DPM", "LPN", "LVN", "CNM", "CRNA", "APRN", "ARNP", "FNP",
    "FACS", "FACP", "FACOG", "FACC", "FAAP", "MPH", "MSN", "BSN", "DNP", "PHARMD", "RPH", "LCSW", "LMSW",
    "RHIT", "RHIA", "ESQ", "MBBS", "MBCHB", "FRCS", "FRCP", "DPT", "OTR", "CNA", "CMA", "RRT", "RDN",
    "PSYD", "CCC", "SLP", "CNS", "FNPC", "FNPBC", "AGNP", "DVM", "OD", "JD",
}  # fmt: skip
_DOUBTFUL_CREDENTIALS = {"DO", "PA", "NP", "PT", "OT", "MA", "BA", "BS", "MS", "RD", "RT", "AN"}
"""Credentials that are names too (Minh Do, Ma. Cruz): only dropped where a comma sets them off."""
_PARTICLES = {
    "VAN", "VON", "DER", "DEN", "DE", "LA", "LAS", "LOS", "DEL", "DELLA", "DELA", "DI", "DA", "DOS", "DAS",
    "DO", "DU", "LE", "TER", "TEN", "TE", "BIN", "BINT", "IBN", "AL", "EL", "ST", "SAINT", "SAN", "SANTA",
    "MC", "MAC", "ZU", "AF", "AV", "DELLO", "DEGLI", "DALLA", "VANDER", "VANDEN", "D",
}  # fmt: skip

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Æ": "AE", "æ": "ae", "Œ": "OE",
        "œ": "oe", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "TH", "þ": "th", "ı": "i", "Ħ": "H", "ħ": "h",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"['’‘`´ʼ′]")
_NOT_OF_NAMES = re.compile(r"[^0-9A-Z]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|“[^”]*”")

_PLACEHOLDER_WORDS = {
    "BABY", "BABYBOY", "BABYGIRL", "NEWBORN", "INFANT", "BB", "BG", "NB", "BBOY", "BGIRL", "FETUS",
    "STILLBORN", "TWIN", "TRIPLET",
}  # fmt: skip
"""Given names that say "not named yet"."""
_PLACEHOLDER_FIRST = {"BOY", "GIRL", "MALE", "FEMALE", "UNKNOWN", "PATIENT", "TEST", "UNNAMED", "UNK"}
_PLACEHOLDER_LAST = {
    "DOE", "TRAUMA", "UNKNOWN", "UNIDENTIFIED", "ANONYMOUS", "TEST", "TESTPATIENT", "PATIENT", "UNK",
    "UNNAMED", "TESTING", "DUMMY", "NONAME", "SAMPLE", "ZZTEST", "UNKNOWNMALE", "UNKNOWNFEMALE",
}  # fmt: skip


@lru_cache(maxsize=65536)  # a search compares one name with hundreds
def fold_name(text: str) -> str:
    """Return a name in upper case without accents and punctuation, its parts separated by single spaces.

    Hyphens part ("Smith-Jones" becomes "SMITH JONES"), apostrophes and full stops join ("O'Brien"
    becomes "OBRIEN").
    """
    if text.isascii():
        if text.isalpha():
            return text.upper()  # nearly all of them
        plain = text.upper().replace("'", "").replace("`", "").replace(".", "")
        return _NOT_OF_NAMES.sub(" ", plain).strip()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).upper()
    plain = _APOSTROPHES.sub("", plain).replace(".", "")
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def normalize_suffix(text: str) -> str:
    """Return ``Jr``, ``Sr``, ``II``, ``III``, ``IV``, ``V``, or "" where the text is no suffix."""
    return _SUFFIXES.get(fold_name(text).replace(" ", ""), "")


@lru_cache(maxsize=4096)
def is_placeholder_name(name: PersonName) -> bool:
    """Say whether it stands for a person without a name: Baby Boy, BG A, Doe, Trauma, ZZTEST."""
    last, first = fold_name(name.last), fold_name(name.first)
    words = f"{first} {fold_name(name.middle)}".split()
    if last.startswith("ZZ") or first.startswith("ZZ"):
        return True
    last_words = last.split()
    if not _PLACEHOLDER_LAST.isdisjoint(last_words) or last_words[:1] in (["BABY"], ["NEWBORN"], ["INFANT"]):
        return True
    if first and first.split()[0] in _PLACEHOLDER_FIRST:
        return True
    return not _PLACEHOLDER_WORDS.isdisjoint(words)


def parse_name(text: str) -> PersonName | None:
    """Return the parts of a person's name as it stands on paper; None where it is none.

    Reads "LAST, FIRST MIDDLE JR", "Last Jr., First", "First M. Last Jr.", "LAST^FIRST^MIDDLE^JR" (HL7).
    Titles, credentials and nicknames in quotes are dropped; particles, hyphens, apostrophes and accents
    stay, and so does the case. A single word is a last name.
    """
    plain = _ASIDE.sub(" ", unicodedata.normalize("NFC", text))
    plain = re.sub(r"(?<=\b[OoDd])['’‘`´]\s+(?=[^\W\d])", "'", plain)  # "O' Brien"
    if "^" in plain:
        plain = _join_hl7(plain)
    segments = [words for part in plain.split(",") if (words := _split_words(part))]
    if not segments or sum(map(len, segments)) > 10:
        return None
    segments[0] = _drop_titles(segments[0])
    segments, is_set_off = _drop_credentials(segments)
    suffix, segments = _take_suffix(segments)
    segments = [words for words in segments if words]
    if not segments:
        return None
    if len(segments) == 1:
        has_comma = is_set_off or "," not in plain
        words = segments[0]
        return (
            _name_in_order(words, suffix)
            if has_comma or len(words) > 1
            else PersonName(words[0], "", "", suffix)
        )
    given = _drop_titles([word for words in segments[1:] for word in words])
    if not given:
        return PersonName(" ".join(segments[0]), "", "", suffix)
    return PersonName(" ".join(segments[0]), given[0], " ".join(given[1:]), suffix)


def _join_hl7(text: str) -> str:
    """Turn HL7's family^given^middle^suffix^prefix into "family, given middle, suffix"."""
    parts = [part.strip() for part in text.split("^")] + [""] * 4
    return f"{parts[0]}, {parts[1]} {parts[2]}, {parts[3]}"


def _split_words(text: str) -> list[str]:
    """Split at spaces; keep what has a letter, trimmed of stray punctuation at its ends."""
    words = []
    for word in text.replace(";", " ").replace("_", " ").split():
        trimmed = word.strip('-–—:.*/\\|<>=+~!?#&"')
        if any(char.isalpha() for char in trimmed):
            words.append(trimmed)
    return words


def _key(word: str) -> str:
    return fold_name(word).replace(" ", "")


def _drop_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and _key(words[0]) in _TITLES:
        words = words[1:]
    return words


def _drop_credentials(segments: list[list[str]]) -> tuple[list[list[str]], bool]:
    """Drop degrees; say whether one was set off by a comma right after the whole name."""
    set_off = False
    while len(segments) > 1 and _are_credentials(segments):
        set_off = set_off or len(segments) == 2
        segments = segments[:-1]
    kept = list(segments)
    while len(kept[-1]) > (2 if len(kept) == 1 else 1) and _key(kept[-1][-1]) in _CREDENTIALS:
        kept[-1] = kept[-1][:-1]
    return kept, set_off


def _are_credentials(segments: list[list[str]]) -> bool:
    """Say whether the last segment holds degrees and no given name ("Nguyen, Do"; "Garcia Lopez, Ma")."""
    *before, words = segments
    if not all(_key(word) in _CREDENTIALS | _DOUBTFUL_CREDENTIALS for word in words):
        return False
    if len(before) > 1:
        return True
    if sum(_key(word) not in _PARTICLES for word in before[0]) < 2:
        return False
    sure = any(_key(word) in _CREDENTIALS for word in words)
    return sure or (all(map(str.isupper, words)) and not all(map(str.isupper, before[0])))


def _take_suffix(segments: list[list[str]]) -> tuple[str, list[list[str]]]:
    """Take Jr, Sr, II.. from a segment of its own or from a segment's end; a lone V is an initial.

    V counts after the last name ("Smith V, John") and in a segment that follows a whole name.
    """
    suffix = ""
    kept: list[list[str]] = []
    for at, words in enumerate(segments):
        found = "" if suffix else normalize_suffix(words[-1])
        if at and len(words) == 1:
            is_suffix = found != "V" or len(segments) > 2 or len(segments[0]) > 1
        else:
            is_suffix = len(words) > 1 and (found != "V" or (at == 0 and len(segments) > 1))
        if found and is_suffix:
            suffix, words = found, words[:-1]
        kept.append(words)
    return suffix, kept


def _name_in_order(words: list[str], suffix: str) -> PersonName:
    """Read "First Middle Last": the last word and the particles before it are the last name.

    A single capital is an initial, not a particle: "Ann D Lee", but "Maria e Silva".
    """
    if len(words) == 1:
        return PersonName(words[0], "", "", suffix)
    start = len(words) - 1
    while start > 1 and _key(words[start - 1]) in _PARTICLES and not _is_initial(words[start - 1]):
        start -= 1
    return PersonName(" ".join(words[start:]), words[0], " ".join(words[1:start]), suffix)


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isupper()
