"""Taking postal addresses from a page: a street, then a city with state and ZIP, on one line or two."""

from __future__ import annotations

import re

from backfile.domain.patient import Address
from classify.layout import CELL_GAP, PageLayout
from classify.values import FoundValue
from classify.word_lists import split_words

STATES = split_words(
    """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY
    NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU
    """
)
_STATES_IN_FULL = split_words(
    """
    ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO CONNECTICUT DELAWARE FLORIDA HAWAII IDAHO ILLINOIS
    IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI
    NEBRASKA NEVADA OHIO OKLAHOMA OREGON PENNSYLVANIA TENNESSEE TEXAS UTAH VERMONT WISCONSIN WYOMING ONTARIO
    QUEBEC ALBERTA MANITOBA SASKATCHEWAN
    """
)
"""States and provinces; not those that people are called by: Virginia, Georgia, Carolina."""
_SHORT_STATES = split_words(
    """
    ALA ARIZ ARK CALIF CAL COLO CONN DEL FLA ILL IND KAN KANS KY LA MD MASS MICH MINN MISS MO MONT NEB NEV
    OKLA ORE PENN PENNA TENN TEX VA VT WASH WIS WISC WYO ONT QUE ALTA MAN SASK
    """
)
"""As they are cut short in print, with a full stop."""
_CITY_LINE = re.compile(
    r"^(?P<city>[A-Z][A-Za-z.'\- ]{1,30}?)[,.]?\s+(?P<state>[A-Za-z]{2})[.,]?\s+(?P<zip>\d{5}(?:-\d{4})?)\b"
)
_WHOLE = re.compile(
    r"^(?P<street>(?:\d|P\.?\s?O\.?\s?Box\s|RR\s).{3,50}?)[,;]\s*(?P<city>[A-Z][A-Za-z.'\- ]{1,30}?)[,.]?\s+"
    r"(?P<state>[A-Za-z]{2})[.,]?\s+(?P<zip>\d{5}(?:-\d{4})?)\b"
)
_ZIP_AT_END = re.compile(r"\b\d{5}$")
_WITHOUT_COMMAS = re.compile(
    r"^(?P<street>(?:\d+\w?\s.{2,40}?\s(?:STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|LANE|LN|BOULEVARD|BLVD|COURT|CT|PLACE|PL|WAY"
    r"|TRAIL|TRL|PARKWAY|PKWY|HIGHWAY|HWY|CIRCLE|CIR|TERRACE|TER|LOOP|SQUARE|SQ|PIKE)\.?(?:\s(?:APT|UNIT|STE|#)\.?\s?\w+)?"
    r"|P\.?\s?O\.?\s?Box\s\d+))[,;]?\s+(?P<city>[A-Z][A-Za-z.'\- ]{1,30}?)[,.]?\s+"
    r"(?P<state>[A-Za-z]{2})[.,]?\s+(?P<zip>\d{5}(?:-\d{4})?)$",
    re.IGNORECASE,
)
_STREET_START = re.compile(r"^(?:\d+[A-Za-z]?$|\d+-\d+$|P\.?O\.?$|PO$|RR$|P\.$)", re.IGNORECASE)
_MAX_WORDS = 14
_STREETS = split_words(
    """
    STREET ST AVENUE AVE ROAD RD DRIVE DR LANE LN BOULEVARD BLVD COURT CT PLACE PL WAY TRAIL TRL PARKWAY PKWY
    HIGHWAY HWY CIRCLE CIR TERRACE TER LOOP SQUARE SQ PIKE
    """
)
_HOUSE_NUMBER = 5
"""Digits of the longest number of a house."""
_NAME_OF_STREET = 5
"""Pieces after the number of a house within which its street is called one."""


def take_address(layout: PageLayout, at: int, limit: int) -> FoundValue | None:
    """Take the whole address, or only the street, that begins at a position; the city may follow below."""
    pieces = layout.pieces
    while at < limit and not any(char.isalnum() for char in pieces[at].text):
        at += 1
    if at >= limit or not _STREET_START.match(pieces[at].text):
        return None
    end = at + 1
    while end < min(limit, at + _MAX_WORDS) and (
        pieces[end].gap < CELL_GAP * 1.3 or pieces[end - 1].text.endswith(",")
    ):
        end += 1
    for stop in range(end, at + 3, -1):
        whole = _WHOLE.fullmatch(layout.text(at, stop).strip(" ,;"))
        if whole and whole["state"].upper() in STATES:
            value = _spell(whole["street"], whole["city"], whole["state"], whole["zip"])
            return FoundValue(at, stop, value)
    street = layout.text(at, end).strip(" ,;")
    if end - at < 2 or not any(char.isalpha() for char in street):
        return None
    return FoundValue(at, end, str(Address(street=street)), 0.9)


def begins_street(layout: PageLayout, number: FoundValue) -> bool:
    """Say whether a number is that of a house: "17042 Hickory Dr"."""
    if not number.value.isdigit() or len(number.value) > _HOUSE_NUMBER:
        return False
    end = layout.line_of(number.start)[1]
    for at in range(number.end, min(number.end + _NAME_OF_STREET, end)):
        if layout.pieces[at].gap >= CELL_GAP:
            return False
        if at > number.end and layout.pieces[at].text.strip(".,").upper() in _STREETS:
            return True
    return False


def take_city(layout: PageLayout, at: int, limit: int) -> FoundValue | None:
    """Take "City, ST 12345" that begins at a position; the value has the city, the state and the ZIP."""
    pieces = layout.pieces
    end = at
    while end < min(limit, at + 7) and (end == at or pieces[end].gap < CELL_GAP * 1.5):
        end += 1
    for stop in range(at + 2, end + 1):
        found = _CITY_LINE.fullmatch(layout.text(at, stop).strip(" ,;."))
        if found and found["state"].upper() in STATES:
            city = " ".join(found["city"].split()).strip(" ,.")
            return FoundValue(at, stop, f"{city}, {found['state'].upper()} {found['zip'][:5]}")
    return None


def go_on_with_address(layout: PageLayout, found: FoundValue) -> FoundValue | None:
    """Return the whole of an address of which the rest stands under it, with the pieces of that rest.

    The city under a street, or what did not fit: "5568 S Sunset Avenue, Los" over "Angeles, CA 90059".
    """
    if _ZIP_AT_END.search(found.value) or layout.pieces[found.start].line + 1 >= len(layout.lines):
        return None
    first = layout.pieces[found.start]
    start, end = layout.lines[first.line + 1]
    for at in range(start, end):
        piece = layout.pieces[at]
        if abs(piece.box[0] - first.box[0]) > 4 * layout.letter:
            continue
        if piece.box[1] - first.box[3] > 2.5 * layout.height:
            return None
        if "," not in found.value and (city := take_city(layout, at, end)):
            return FoundValue(city.start, city.end, f"{found.value}, {city.value}")
        stop = layout.end_of_cell(at, end)
        text = f"{layout.text(found.start, found.end)} {layout.text(at, stop)}".strip(" ,;.")
        whole = _WHOLE.fullmatch(text)
        if whole and whole["state"].upper() in STATES:
            return FoundValue(at, stop, _spell(whole["street"], whole["city"], whole["state"], whole["zip"]))
        return None
    return None


def take_mailing_address(layout: PageLayout, start: int, end: int) -> str:
    """Return the whole address that a cell is, with or without commas; "" where it is none."""
    text = layout.text(start, end).strip(" ,;.")
    found = _WHOLE.fullmatch(text) or _WITHOUT_COMMAS.fullmatch(text)
    if found is None or found["state"].upper() not in STATES:
        return ""
    return _spell(found["street"], found["city"], found["state"], found["zip"])


def _spell(street: str, city: str, state: str, zip_code: str) -> str:
    return str(
        Address(" ".join(street.split()).rstrip(","), " ".join(city.split()), state.upper(), zip_code[:5])
    )


def is_city_and_state(text: str) -> bool:
    """Say whether words are a city with its state: "Moscow, Idaho", "Burlington, Vt."."""
    city, comma, state = text.strip().rpartition(",")
    word = state.strip()
    if not comma or not city or word.isdigit():
        return False
    plain = word.rstrip(".").upper()
    return plain in _STATES_IN_FULL or (
        word.endswith(".") and plain in _SHORT_STATES and not word[:2].isupper()
    )
