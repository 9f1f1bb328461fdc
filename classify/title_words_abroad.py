"""Headings in Spanish, German and French, and the type of document that each names.

The models know no other language, so that of such a paper nothing but its title tells what it is.
"""

from __future__ import annotations

_TITLES: dict[str, str] = {
    "consent": r"CONSENTIMIENTO|EINWILLIGUNG\w*|AUFKLARUNGSBOGEN|CONSENTEMENT",
    "discharge_summary": r"INFORME DE ALTA|EPICRISIS|ENTLASS\w*(?:BRIEF|BERICHT)"
    r"|COMPTE RENDU D HOSPITALISATION",
    "referral": r"UBERWEISUNG\w*|HOJA DE REFERENCIA|LETTRE DE LIAISON",
    "face_sheet": r"HOJA DE (?:INGRESO|ADMISION)|AUFNAHME(?:BOGEN|BLATT)|STAMMBLATT"
    r"|(?:FICHE|FEUILLE) D ADMISSION",
    "nursing_note": r"PFLEGE(?:ANAMNESE|BERICHT|DOKUMENTATION)"
    r"|(?:NOTAS?|EVOLUCION) DE ENFERMERIA|NOTES? INFIRMIERES?",
    "operative_note": r"OP(?:ERATIONS)? ?BERICHT|(?:PROTOCOLO|NOTA) (?:OPERATORI[OA]|QUIRURGIC[OA])"
    r"|(?:PROTOCOLE|COMPTE RENDU) OPERATOIRE",
    "pathology_report": r"HISTOLOG\w+ BEFUND|PATHOLOGIEBEFUND|ANATOMIA PATOLOGICA|ANATOMOPATHOLOG\w+",
    "laboratory_report": r"LABORBEFUND|(?:RESULTADOS?|INFORME) DE LABORATORIO|ANALYSES DE LABORATOIRE",
    "radiology_report": r"RONTGENBEFUND|RADIOLOGISCHER BEFUND|INFORME RADIOLOGICO"
    r"|COMPTE RENDU (?:RADIOLOGIQUE|D ECHOGRAPHIE)",
    "flowsheet": r"FEUILLE DE SURVEILLANCE|HOJA DE SIGNOS VITALES|KURVENBLATT",
    "anesthesia_record": r"(?:NARKOSE|ANASTHESIE)PROTOKOLL|HOJA DE ANESTESIA|FEUILLE D ANESTHESIE",
    "immunization_record": r"IMPF(?:AUSWEIS|PASS|BUCH)|(?:CARTILLA|CARNE) DE VACUNA\w+|CARNET DE VACCINATION",
    "progress_note": r"NOTAS? DE EVOLUCION|VERLAUFSBERICHT|NOTES? D EVOLUTION",
    "emergency_note": r"URGENCIAS|NOTFALLBERICHT",
    "physician_orders": r"(?:INDICACIONES|ORDENES) MEDICAS",
    "medication_list": r"MEDIKATIONSPLAN|LISTA DE MEDICAMENTOS",
    "advance_directive": r"PATIENTENVERFUGUNG|VOLUNTAD(?:ES)? ANTICIPADAS?",
    "release_authorization": r"SCHWEIGEPFLICHTENTBINDUNG\w*",
}
PATTERNS_ABROAD = tuple((name, rf"\b(?:{pattern})\b") for name, pattern in _TITLES.items())
"""(type, pattern of a folded heading)."""
