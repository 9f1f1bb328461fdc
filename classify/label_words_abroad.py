"""Words of labels in Spanish, German and French, without accents, by the English words that they mean.

The models know no other language, so without these a form in one of them would be half guessed at. Words
that are common in English text are left out.
"""

from __future__ import annotations

WORDS_ABROAD: dict[str, str] = {
    "PATIENT": "PACIENTE PATIENTEN PATIENTIN",
    "NAME": "NOMBRE NOM",
    "NO": "NUMERO NUMMER",
    "DATE": "FECHA DATUM",
    "BIRTH": "NACIMIENTO NAISSANCE GEBURTSDATUM GEBOREN GEB NAC",
    "ADDRESS": "DOMICILIO DIRECCION ANSCHRIFT ADRESSE",
    "PHONE": "TELEFONO TELEFON",
    "PHYSICIAN": "MEDICO MEDECIN HAUSARZT",
    "SEX": "SEXO SEXE GESCHLECHT",
    "AGE": "EDAD ALTER",
    "MOTHER": "MADRE MUTTER MERE",
    "INSURANCE": "ASEGURADORA KRANKENKASSE MUTUELLE",
    "POLICY": "POLIZA",
}
"""Canonical word and its translations."""
