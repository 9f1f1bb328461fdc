"""Made-up people of the tests, whom no sample resembles, and what is printed about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from tests.papers import Sheet

ANNA = Patient(
    "pat_verifyanna",
    PersonName("Quillfeather", "Anna", "Louise"),
    (PatientIdentifier("70482913", ""),),
    dt.date(1961, 4, 18),
    sex="F",
)
TWIN = replace(
    ANNA,
    id="pat_verifytwin",
    name=PersonName("Quillfeather", "Inge"),
    identifiers=(PatientIdentifier("70990011", ""),),
)
BURT = replace(
    ANNA,
    id="pat_verifyburt",
    name=PersonName("Zolotareff", "Burt"),
    identifiers=(PatientIdentifier("70771234", ""),),
    birth_date=dt.date(1944, 2, 3),
    sex="M",
)

ODETTE = Patient(
    "pat_1", PersonName("Doe-Marsh", "Odette"), (PatientIdentifier("0012345", ""),), dt.date(1950, 3, 12)
)

ANNAS = Sheet("Quillfeather, Anna", "04/18/1961", "70482913", "05/01/1999")
UNNUMBERED = replace(ANNAS, mrn="")
BURTS = Sheet("Zolotareff, Burt", "02/03/1944", seen="05/02/1999")
BARE = Sheet(title="FLOWSHEET")
