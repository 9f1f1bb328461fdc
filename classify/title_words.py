"""Headings that no list knows, by the words in them: "Paracentesis note", "Neurology e-Consult".

A heading names its type by two kinds of words: what it is about, and what sort of paper it is. A line is
taken only at the very head of a page, and only where one type alone fits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from classify.title_words_abroad import PATTERNS_ABROAD
from classify.titles import fold_title

STRENGTH = 0.75
"""How surely such a heading names its type; a title of the list has 1."""
_MAX_WORDS = 9
_PAPER = r"(?:NOTES?|REPORT|RECORD|SUMMARY|FORM|SHEET|DOCUMENTATION|NARRATIVE|LOG)"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("discharge_summary", rf"\bDISCHARGE\b.*\b{_PAPER}\b|\b{_PAPER}\b.*\bDISCHARGE\b"),
    ("transfer_summary", rf"\bTRANSFER\b.*\b(?:{_PAPER}|TO HOSPITAL)\b"),
    (
        "history_physical",
        r"\bHISTORY AND PHYSICAL\b|\bH AND P\b|\bADMISSION (?:NOTE|HISTORY|EVALUATION|ASSESSMENT)\b",
    ),
    ("consultation", r"\bE?CONSULT(?:ATION|ATIVE)?S?\b(?!.*\b(?:REQUEST|ORDER)\b)"),
    ("operative_note", rf"\b(?:OPERATIVE|OPERATION|SURGERY|SURGICAL)\b.*\b{_PAPER}\b"),
    (
        "procedure_note",
        r"\b(?:PARACENTESIS|THORACENTESIS|PUNCTURE|INTUBATION|CATHETER(?:IZATION)?|BIOPSY|COLONOSCOPY|BRONCHOSCOPY"
        r"|EGD|ENDOSCOPY|CARDIOVERSION|INJECTION|EXCISION|COLPOSCOPY|CIRCUMCISION|ABLATION|ANGIOGRAM|CYSTOSCOPY"
        rf"|DEBRIDEMENT|DRAINAGE|PROCEDURES?|LINE PLACEMENT|TUBE PLACEMENT)\b.*\b(?:{_PAPER}|LABORATORY)\b",
    ),
    ("anesthesia_record", rf"\bANESTH(?:ESIA|ETIC|ESIOLOGY)\b.*\b{_PAPER}\b"),
    (
        "radiology_report",
        r"^(?:CT|MRI?|US|ULTRASOUND|X ?RAYS?|XR|CXR|PET|NM|DEXA|MAMMOGRA\w+|FLUOROSCOPY|CHEST|ECHO\w*)\b"
        r".*\b(?:WITH|WITHOUT|PA|AP|LATERAL|VIEWS?|CONTRAST|SCAN|ABDOMEN|PELVIS|HEAD|BRAIN|SPINE|KNEE|CHEST"
        r"|SHOULDER|BILATERAL|SCREENING)\b"
        r"|\b(?:RADIOLOGY|IMAGING|ULTRASOUND|MAMMOGRAM|ECHOCARDIOGRA\w+|SONOGRA\w+|DOPPLER|TOMOGRA\w+)\b.*\b(?:REPORT|RESULTS?)\b",
    ),
    (
        "laboratory_report",
        r"\b(?:LAB|LABORATORY|HEMATOLOGY|CHEMISTRY|MICROBIOLOGY|SEROLOGY|URINALYSIS)\b"
        r".*\b(?:REPORT|RESULTS?|FINAL)\b|\b(?:REPORT|RESULTS?)\b.*\b(?:LAB|HEMATOLOGY|CHEMISTRY|MICROBIOLOGY)\b",
    ),
    ("pathology_report", r"\b(?:\w*PATHOLOGY|CYTOLOGY|TISSUE|AUTOPSY)\b.*\b(?:REPORT|DIAGNOSIS|FINAL)\b"),
    ("ecg_report", r"\b(?:ECG|EKG|ELECTROCARDIO\w+)\b"),
    (
        "emergency_note",
        rf"\b(?:EMERGENCY|ED|ER|URGENT CARE)\b.*\b(?:{_PAPER}|VISIT|CHART)\b|\bEMERGENCY DEPARTMENT\b",
    ),
    ("nursing_note", rf"\bNURS(?:E|ES|ING)\b.*\b(?:{_PAPER}|ASSESSMENT)\b|\bSHIFT (?:NOTE|ASSESSMENT)\b"),
    ("flowsheet", rf"\bDIALYSIS\b.*\b{_PAPER}\b|\bOBSERVATIONS? CHART\b"),
    ("flowsheet", r"\bFLOW ?SHEETS?\b|\bGRAPHIC (?:RECORD|SHEET|CHART)\b|\bINTAKE\b.*\bOUTPUT\b"),
    ("physician_orders", r"\bORDERS?\b(?!.*\b(?:NOT|RESUSCITATE|LIFE)\b)"),
    ("medication_administration", r"\bE?MAR\b|\bADMINISTRATION RECORD\b(?<!VACCINE ADMINISTRATION RECORD)"),
    (
        "medication_list",
        r"\b(?:MEDICATIONS?|MEDICINES|PRESCRIPTIONS)\b(?!.*\b(?:ADMINISTRATION|ORDERS?|RECORD)\b)",
    ),
    ("immunization_record", r"\b(?:IMMUNI[SZ]ATIONS?|VACCINES?|VACCINATIONS?)\b"),
    ("laboratory_report", rf"\b(?:TRANSFUSION|BLOOD BANK|CROSS ?MATCH)\b.*\b{_PAPER}\b"),
    ("labor_delivery", r"\bPARTOGRA(?:PH|M)\b"),
    ("labor_delivery", rf"\b(?:LABOR|DELIVERY|CESAREAN|OBSTETRICAL?)\b.*\b{_PAPER}\b|\bLABOR AND DELIVERY\b"),
    ("referral", r"\bREFERRAL\b"),
    (
        "release_authorization",
        r"\b(?:AUTHORIZATION|CONSENT|PERMISSION|REQUEST)\b"
        r".*\b(?:RELEASE|DISCLOS\w+|EXCHANGE|OBTAIN|COPIES|ACCESS)\b.*\b(?:INFORMATION|RECORDS?)\b",
    ),
    (
        "consent",
        r"\b(?:CONSENT|PERMISSION)\b(?!.*\b(?:RELEASE|DISCLOS\w+|EXCHANGE|INFORMATION|RECORDS?)\b)",
    ),
    (
        "advance_directive",
        r"\bSCOPE OF TREATMENT\b|\bGOALS OF CARE\b|\bLIFE (?:PROLONGING|SUSTAINING)\b|\bDIRECTIVES?\b"
        r"|\bLIVING WILL\b|\bRESUSCITATE\b|\b[PM]OLST\b|\bPOWER OF ATTORNEY\b"
        r"|\bHEALTH ?CARE PROXY\b",
    ),
    ("telephone_encounter", rf"\b(?:TELEPHONE|PHONE|CALL|CALLER)\b.*\b(?:{_PAPER}|MESSAGE|ENCOUNTER)\b"),
    ("face_sheet", r"\b(?:REGISTRATION|DEMOGRAPHICS?|FACE ?SHEET|ADMISSION (?:FORM|RECORD))\b"),
    (
        "progress_note",
        r"\b(?:PROGRESS|CLINIC|OFFICE|OUTPATIENT|PRIMARY CARE|FOLLOW UP|THERAPY|DAILY|VISIT|SESSION)\b"
        r".*\b(?:NOTES?|VISIT|RECORD)\b|\bFOLLOW UP\b",
    ),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in (*_PATTERNS, *PATTERNS_ABROAD))
_YIELDS = {
    "progress_note": frozenset(name for name, _ in _PATTERNS),
    "physician_orders": frozenset({"advance_directive", "referral"}),
    "consultation": frozenset({"radiology_report", "pathology_report", "telephone_encounter"}),
    "procedure_note": frozenset({"pathology_report", "operative_note"}),
    "operative_note": frozenset({"nursing_note", "pathology_report", "anesthesia_record", "consent"}),
    "consent": frozenset({"release_authorization"}),
    "medication_list": frozenset({"medication_administration"}),
    "emergency_note": frozenset({"nursing_note"}),
    "history_physical": frozenset({"nursing_note"}),
    "discharge_summary": frozenset({"nursing_note", "physician_orders", "transfer_summary"}),
}
"""Types that give way where another fits as well: a "nursing discharge visit note" is the nurse's."""


@lru_cache(maxsize=20000)
def match_title_words(text: str) -> tuple[str, float]:
    """Return (type, strength) that the words of a heading name, or ("", 0) where none or several do."""
    folded = fold_title(text)
    words = re.findall(r"[A-Za-z]{3,}", text)
    is_sentence = text.rstrip().endswith(".") or sum(word[0].islower() for word in words) > 1
    if is_sentence or not words or len(folded.split()) > _MAX_WORDS or re.search(r":\s*\S", text):
        return "", 0.0
    found = {name for name, pattern in _COMPILED if pattern.search(folded)}
    found -= {name for name in found if _YIELDS.get(name, frozenset()) & (found - {name})}
    return (found.pop(), STRENGTH) if len(found) == 1 else ("", 0.0)
