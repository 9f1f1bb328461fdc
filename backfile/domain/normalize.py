"""One spelling for numbers, phones, sexes, addresses and SSN endings, so that equal things compare equal.

Names and dates are the longer stories: they live in ``names`` and ``dates`` and are offered here too.
Nothing here guesses: what cannot be what it should be becomes "" (or None), never a near value.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from backfile.domain.dates import ParsedDate, parse_date, read_date
from backfile.domain.names import (
    fold_name,
    is_placeholder_name,
    normalize_suffix,
    parse_name,
)
from backfile.domain.patient import Address

__all__ = [
    "ParsedDate",
    "fold_name",
    "is_placeholder_name",
    "normalize_address",
    "normalize_number",
    "normalize_phone",
    "normalize_sex",
    "normalize_ssn_last4",
    "normalize_suffix",
    "normalize_zip",
    "parse_address",
    "parse_date",
    "parse_name",
    "read_date",
]

_EXTENSION = re.compile(r"(?:\b(?:ext|extension|extn)\b|(?<=\d)\s*x|#).*$", re.IGNORECASE)
_NO_SIGN_OF_NUMBER = re.compile(r"[^0-9A-Z]+")
_MASKED_SSN = re.compile(r"^[x*#•\d\s.\-–]+$", re.IGNORECASE)
_ZIP = re.compile(r"(?<!\d)(\d{5})(?:-?\d{4})?$")
_STATE = re.compile(r"[A-Za-z]{2}")
_REGION = re.compile(r"(?P<state>[A-Za-z]{2}|[A-Za-z][A-Za-z ]{3,})?\s*(?P<zip>\d{5}(?:-?\d{4})?)?")
_CITY_REGION = re.compile(r"(?P<city>.+?)\s+(?P<state>[A-Za-z]{2})\s+(?P<zip>\d{5}(?:-?\d{4})?)")

# USPS Publication 28, appendices B (directionals), C1 (street suffixes) and C2 (secondary units): the
# ones that addresses of people really bear.
_ADDRESS_WORDS = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
    "ALLEY": "ALY", "AVENUE": "AVE", "AV": "AVE", "AVEN": "AVE", "BEND": "BND", "BOULEVARD": "BLVD",
    "BOUL": "BLVD", "BRANCH": "BR", "BRIDGE": "BRG", "BROOK": "BRK", "BYPASS": "BYP", "CAUSEWAY": "CSWY",
    "CENTER": "CTR", "CENTRE": "CTR", "CIRCLE": "CIR", "CIRC": "CIR", "COURT": "CT", "COURTS": "CTS",
    "COVE": "CV", "CREEK": "CRK", "CRESCENT": "CRES", "CROSSING": "XING", "DRIVE": "DR", "DRV": "DR",
    "ESTATE": "EST", "ESTATES": "ESTS", "EXPRESSWAY": "EXPY", "EXTENSION": "EXT", "FOREST": "FRST",
    "FREEWAY": "FWY", "GARDEN": "GDN", "GARDENS": "GDNS", "GLEN": "GLN", "GREEN": "GRN", "GROVE": "GRV",
    "HARBOR": "HBR", "HEIGHTS": "HTS", "HIGHWAY": "HWY", "HILL": "HL", "HILLS": "HLS", "HOLLOW": "HOLW",
    "ISLAND": "IS", "JUNCTION": "JCT", "LAKE": "LK", "LANDING": "LNDG", "LANE": "LN", "LOOP": "LOOP",
    "MANOR": "MNR", "MEADOW": "MDW", "MEADOWS": "MDWS", "MOUNT": "MT", "MOUNTAIN": "MTN",
    "PARKWAY": "PKWY", "PKY": "PKWY", "PASSAGE": "PSGE", "PLACE": "PL", "PLAIN": "PLN", "PLAZA": "PLZ",
    "POINT": "PT", "RIDGE": "RDG", "RIVER": "RIV", "ROAD": "RD", "ROUTE": "RTE", "SHORE": "SHR",
    "SPRING": "SPG", "SPRINGS": "SPGS", "SQUARE": "SQ", "STATION": "STA", "STREAM": "STRM",
    "STREET": "ST", "STR": "ST", "SUMMIT": "SMT", "TERRACE": "TER", "TERR": "TER", "TRACE": "TRCE",
    "TRAIL": "TRL", "TURNPIKE": "TPKE", "VALLEY": "VLY", "VIEW": "VW", "VILLAGE": "VLG", "VISTA": "VIS",
    "APARTMENT": "APT", "BUILDING": "BLDG", "DEPARTMENT": "DEPT", "FLOOR": "FL", "LOT": "LOT",
    "ROOM": "RM", "SUITE": "STE", "TRAILER": "TRLR", "UNIT": "UNIT", "NUMBER": "#", "NO": "#",
}  # fmt: skip
_BOX = re.compile(r"\b(?:P\s*O|POST OFFICE)\s*BOX\b")
_FEMALE = {"F", "FEMALE", "FEM", "W", "WOMAN", "GIRL"}
_MALE = {"M", "MALE", "MAN", "BOY"}


def normalize_number(text: str) -> str:
    """Return an identifier in upper case, letters and digits only, zeros kept."""
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _NO_SIGN_OF_NUMBER.sub("", folded.upper())


def normalize_phone(text: str) -> str:
    """Return the 10 digits of a North American phone number without country code and extension, or ""."""
    if len(text) == 10 and text.isascii() and text.isdigit():
        return text if len(set(text)) > 1 else ""
    digits = re.sub(r"\D", "", _EXTENSION.sub("", unicodedata.normalize("NFKC", text)))
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    return digits if len(digits) == 10 and len(set(digits)) > 1 else ""


def normalize_sex(text: str) -> str:
    """Return ``F``, ``M``, or "" for anything else."""
    folded = text.strip().rstrip(".").upper()
    return "F" if folded in _FEMALE else "M" if folded in _MALE else ""


def normalize_ssn_last4(text: str) -> str:
    """Return the last four digits of a social security number, whole, masked or cut; "" otherwise.

    "0000" is no serial that was ever given out, so it is none here.
    """
    if len(text) == 4 and text.isascii() and text.isdigit():
        return "" if text == "0000" else text
    text = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", text)
    if not _MASKED_SSN.match(text) or len(digits) not in (4, 9) or not text[-4:].isdigit():
        return ""
    return "" if digits[-4:] == "0000" else digits[-4:]


def normalize_zip(text: str) -> str:
    """Return the five digits of a ZIP code, also of ZIP+4; "" otherwise."""
    found = _ZIP.fullmatch(text.strip())
    return found.group(1) if found else ""


@lru_cache(maxsize=4096)  # a page's is laid beside that of every candidate
def normalize_address(text: str) -> str:
    """Return an address, or a part of one, in the spelling of USPS Publication 28.

    Upper case, no punctuation, abbreviated directions, street kinds and units; commas that part
    street, city and region are lost as well, so that "12 Main St, Apt 3" equals "12 Main Street Apt. 3".
    """
    folded = _fold_address(text)
    folded = _BOX.sub("PO BOX", folded)
    folded = re.sub(r"#\s*", "# ", folded)
    words = [_ADDRESS_WORDS.get(word, word) for word in folded.split()]
    if words and re.fullmatch(r"\d{9}", words[-1]):  # ZIP+4 whose hyphen was folded
        words[-1] = words[-1][:5]
    # "APT # 4" and "APT 4" are one.
    return " ".join(
        word
        for at, word in enumerate(words)
        if word != "#" or at == 0 or words[at - 1] not in {"APT", "STE", "RM", "UNIT", "LOT"}
    )


def parse_address(text: str) -> Address:
    """Return the parts of "street, city, state zip"; what cannot be told apart stays in the street."""
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    if len(parts) >= 3 and normalize_zip(parts[-1]) and _STATE.fullmatch(parts[-2]):
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    if len(parts) >= 2 and (tail := _CITY_REGION.fullmatch(parts[-1])):
        return Address(", ".join(parts[:-1]), tail["city"], tail["state"], tail["zip"])
    if len(parts) >= 3 and (region := _REGION.fullmatch(parts[-1])):
        return Address(", ".join(parts[:-2]), parts[-2], (region["state"] or "").strip(), region["zip"] or "")
    return Address(street=", ".join(parts))


def _fold_address(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).upper()
    plain = re.sub(r"(?<=\d{5})-(?=\d{4}\b)", "", plain)
    plain = re.sub(r"['’.]", "", plain)
    return re.sub(r"[^A-Z0-9#]+", " ", plain).strip()
