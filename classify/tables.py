"""What a sheet without a title is, by its tables: what heads their columns and their rows.

A line of times over rows of pulses and pressures is a flowsheet, with gases and drugs of the theatre an
anesthesia record, with the heart of a child a record of labour; a column of orders beside date and hour, and
medicines beside their strength and use, say what they are as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.layout import PageLayout

STRENGTH = 0.55
"""How surely a table names a type; a title of the list has 1."""
_TIMES = 6
"""Times of day in one line from which it heads the columns of a grid."""
_TIME = re.compile(r"(?:[01]?\d|2[0-4])(?:[:.h]?[0-5]\d)?(?:[ap]m?)?", re.IGNORECASE)
_ROWS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    (
        "anesthesia_record",
        re.compile(
            r"(?:N2O|NITROUS|ISO(?:FL\w*)?|SEVO\w*|DES(?:FL\w*)?|HALO\w*|ENFL\w*|FENT\w*|PROPOFOL|THIOP\w*|PANC\w*"
            r"|(?:CIS|ATRA|ROC|VEC|MIVA)\w*CUR\w*|SUX\w*|ET ?CO2|AGENT)\b"
        ),
        3,
    ),
    ("labor_delivery", re.compile(r"(?:FHR|FHT|CERVI\w+|CONTRACTIONS?|STATION|OXYTOCIN|PITOCIN)\b"), 2),
    (
        "flowsheet",
        re.compile(
            r"(?:B ?P|A ?B ?P|NIBP|T ?A|HR|PULSE?|POULS|P|TEMP\w*|T|RESPS?|RESPIRATIONS?|RR|SPO2|SAO2|O2 SAT"
            r"|MAP|CVP|GCS|PUPILS?|URINE|OUTPUT|INTAKE|WEIGHT|WT)\b"
        ),
        2,
    ),
)
"""Types in order, what heads a row of each, and how many such rows there must be."""
_THEATRE = re.compile(r"(?<!POST )\bAN(?:A?ESTHESIA|A?ESTHETIC) (?:RECORD|CHART|SHEET)\b")
_ORDERS = re.compile(r"\bDATE\b.*\b(?:HOUR|TIME)\b.*\bORDERS\b")
_MEDICINES = re.compile(r"^(?:\w+ )?(?:MEDICINES?|MEDICATIONS?|DRUGS?)\b")
_OF_MEDICINES = re.compile(
    r"\b(?:DOSE|DOSAGE|STRENGTH|FREQ\w*|ROUTE|HOW OFTEN|WHAT FOR|REASON|PURPOSE|MORN\w*|NOON|EVE\w*"
    r"|BED\w*|DIRECTIONS|SIG|LAST (?:TAKEN|FILLED)|TAKE)\b"
)
_ARE_GIVEN = re.compile(
    r"\b(?:INITIALS?|INIT|GIVEN BY|ADMINISTRATION TIMES?|ADMINISTER(?:ED)?|NURSE"
    r"|(?:FREQUENCY|ROUTE) AND TIMES?)\b"
)
_HOURS = re.compile(r"(?: (?:[01]\d|2[0-4])[0-5]\d){3}")
"""Hours over the columns in which who gave a medicine signs: "0400 1100 1600"."""
_MEDICINE_COLUMNS = 2


def name_by_tables(layout: PageLayout) -> str:
    """Return the type that the tables of a page tell; "" where they tell none."""
    lines = [_fold(layout.text(*line)) for line in layout.lines]
    for number, (start, end) in enumerate(layout.lines):
        words = [piece.text.strip("|") for piece in layout.pieces[start:end]]
        is_grid = sum(bool(_TIME.fullmatch(word)) for word in words) >= _TIMES
        if is_grid and (found := _name_grid(lines, number)):
            return found
    for line in lines:
        if _ORDERS.search(line):
            return "physician_orders"
        if _MEDICINES.search(line) and len(set(_OF_MEDICINES.findall(line))) >= _MEDICINE_COLUMNS:
            is_given = line.endswith(" GIVEN") or any(map(_ARE_GIVEN.search, lines)) or _HOURS.search(line)
            return "medication_administration" if is_given else "medication_list"
    return ""


def _name_grid(lines: Sequence[str], number: int) -> str:
    """Return what a grid of times is whose columns are headed by one of the lines."""
    if not re.match(r"[A-Z]|\d{1,2} \d{1,2} \d{2,4} ", lines[number]):
        return ""  # a list of doses, or of results
    rows = lines[number + 1 :]
    is_of_theatre = bool(_THEATRE.search(" ".join(lines[:number])))
    for name, heads, least in _ROWS:
        if sum(bool(heads.match(line)) for line in rows) >= least:
            return "anesthesia_record" if is_of_theatre else name
    return ""


def _fold(line: str) -> str:
    return re.sub(r"[^A-Z0-9]+", " ", line.upper().replace("B.P.", "BP").replace("T.A.", "TA")).strip()
