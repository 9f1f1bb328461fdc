# ruff: noqa: E501 - one panel a line
"""Laboratory tests with their units, usual values and reference ranges."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test: results scatter around the middle of ``low`` to ``high``."""

    name: str
    units: str
    low: float
    high: float
    digits: int = 0
    words: tuple[str, ...] = ()
    """Results in words; the first is the normal one."""


def _test(text: str) -> LabTest:
    name, units, low, high, digits = (part.strip() for part in text.split("|"))
    return LabTest(name, units, float(low), float(high), int(digits))


def _words(name: str, *words: str) -> LabTest:
    return LabTest(name, "", 0, 0, 0, words)


PANELS: dict[str, tuple[LabTest, ...]] = {
    "BASIC METABOLIC PANEL": tuple(map(_test, ("Sodium|mmol/L|136|145|0", "Potassium|mmol/L|3.5|5.1|1", "Chloride|mmol/L|98|107|0", "CO2|mmol/L|21|31|0", "BUN|mg/dL|7|25|0", "Creatinine|mg/dL|0.6|1.2|2", "Glucose|mg/dL|70|99|0", "Calcium|mg/dL|8.6|10.3|1"))),
    "COMPLETE BLOOD COUNT": tuple(map(_test, ("WBC|K/uL|4.0|10.5|1", "RBC|M/uL|4.2|5.6|2", "Hemoglobin|g/dL|12.0|16.0|1", "Hematocrit|%|36|48|1", "MCV|fL|80|100|1", "MCH|pg|27|33|1", "RDW|%|11.5|14.5|1", "Platelets|K/uL|150|400|0"))),
    "DIFFERENTIAL": tuple(map(_test, ("Neutrophils|%|40|70|0", "Lymphocytes|%|20|45|0", "Monocytes|%|2|10|0", "Eosinophils|%|0|6|0", "Basophils|%|0|2|0"))),
    "HEPATIC FUNCTION PANEL": tuple(map(_test, ("Albumin|g/dL|3.5|5.0|1", "Total Protein|g/dL|6.0|8.3|1", "Bilirubin, Total|mg/dL|0.2|1.2|1", "Alkaline Phosphatase|U/L|40|130|0", "AST (SGOT)|U/L|10|40|0", "ALT (SGPT)|U/L|7|45|0"))),
    "LIPID PANEL": tuple(map(_test, ("Cholesterol, Total|mg/dL|100|200|0", "Triglycerides|mg/dL|40|150|0", "HDL Cholesterol|mg/dL|40|80|0", "LDL Cholesterol, Calc|mg/dL|50|130|0"))),
    "THYROID STUDIES": tuple(map(_test, ("TSH|uIU/mL|0.40|4.50|2", "Free T4|ng/dL|0.8|1.8|1", "T3, Total|ng/dL|80|200|0"))),
    "COAGULATION": tuple(map(_test, ("Prothrombin Time|sec|11.0|13.5|1", "INR||0.9|1.1|1", "aPTT|sec|25|35|1", "D-Dimer|ug/mL|0.0|0.5|2"))),
    "CARDIAC MARKERS": tuple(map(_test, ("Troponin I|ng/mL|0.00|0.04|2", "CK, Total|U/L|30|200|0", "CK-MB|ng/mL|0|5|1", "BNP|pg/mL|0|100|0"))),
    "HEMOGLOBIN A1C": tuple(map(_test, ("Hemoglobin A1c|%|4.0|5.6|1", "Est. Average Glucose|mg/dL|68|114|0"))),
    "URINALYSIS": (_words("Color", "Yellow", "Amber", "Straw"), _words("Clarity", "Clear", "Cloudy", "Hazy"), _test("Specific Gravity||1.005|1.030|3"), _test("pH||5.0|8.0|1"), _words("Protein", "Negative", "Trace", "1+"), _words("Glucose, Urine", "Negative", "2+"), _words("Ketones", "Negative", "Small"), _words("Blood", "Negative", "Moderate"), _words("Nitrite", "Negative", "Positive"), _words("Leukocyte Esterase", "Negative", "Large")),
    "SEROLOGY": (_words("HIV 1/2 Antibody", "Nonreactive", "Nonreactive"), _words("Hepatitis B Surface Ag", "Nonreactive", "Reactive"), _words("RPR", "Nonreactive", "Reactive 1:8"), _words("Rubella IgG", "Immune", "Nonimmune")),
    "ARTERIAL BLOOD GAS": tuple(map(_test, ("pH, arterial||7.35|7.45|2", "pCO2|mmHg|35|45|0", "pO2|mmHg|80|100|0", "HCO3|mmol/L|22|26|0", "O2 Saturation|%|95|100|0"))),
}  # fmt: skip


def draw_result(rng: random.Random, test: LabTest) -> tuple[str, str, str, str, str]:
    """Draw (name, value, flag, units, reference range)."""
    if test.words:
        word = test.words[0] if rng.random() < 0.75 else rng.choice(test.words[1:])
        return test.name, word, "" if word == test.words[0] else "A", "", test.words[0]
    middle, spread = (test.low + test.high) / 2, (test.high - test.low) / 2
    value = max(0.0, rng.gauss(middle, spread * 0.9))
    flag = "H" if value > test.high else "L" if value < test.low else ""
    reference = f"{test.low:.{test.digits}f}{rng.choice(['-', ' - '])}{test.high:.{test.digits}f}"
    return test.name, f"{value:.{test.digits}f}", flag, test.units, reference


def draw_quick_value(rng: random.Random) -> str:
    """Draw a result as a note quotes it, e.g. "WBC 12.3"."""
    test = rng.choice([t for panel in PANELS.values() for t in panel if not t.words])
    return f"{test.name.split(',')[0]} {draw_result(rng, test)[1]}"
