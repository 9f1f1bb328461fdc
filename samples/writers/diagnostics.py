# ruff: noqa: E501 - one phrase or form a line
"""Reports of the laboratory, radiology, pathology, electrocardiography."""

from __future__ import annotations

from samples.content import Content, Items, Pairs, Para, Section, Table, Tracing
from samples.lab_tests import PANELS, draw_result
from samples.scribe import Scribe
from samples.writers.common import closing_lines, sign, titled


def write_laboratory_report(s: Scribe) -> Content:
    """Write a table of results."""
    rng = s.rng
    head = [
        (s.label("collected"), f"{s.service_date()} {s.time()}"),
        (s.label("received"), f"{s.near_date(0, 1, stamp=True)} {s.time()}"),
        (s.label("reported"), f"{s.near_date(0, 3, stamp=True)} {s.time()}"),
        (s.label("ordering"), s.provider(s.physician)),
        (
            s.label("accession"),
            s.draw_number(rng.choice(["@-##-######", "#########", "@@##-####", "##-###-#####"])),
        ),
    ]
    rng.shuffle(head)
    columns = rng.choice(
        [
            ("Test", "Result", "Flag", "Units", "Reference Range"),
            ("TEST NAME", "IN RANGE", "OUT OF RANGE", "REFERENCE"),
            ("Component", "Value", "Ref Range", "Units"),
            ("Analyte", "Result", "Abn", "Reference Interval", "Units"),
        ]
    )
    sections: list[Section] = []
    names = rng.sample(list(PANELS), min(len(PANELS), round(rng.randint(1, 4) * s.length)))
    for panel in names:
        rows = [_row(columns, *draw_result(rng, test)) for test in PANELS[panel]]
        sections.append(
            Section(panel, (Table(columns, tuple(rows), (2.2, 1, 0.8, 1.2, 1.6)[: len(columns)]),))
        )
    notes = (
        "Specimen slightly hemolyzed",
        "Results called to {Dr} at {time}",
        "Performed at main laboratory unless noted",
        "H = high, L = low, C = critical",
        "Fasting: yes",
        "Laboratory director: {Dr}",
        "Test method: enzymatic",
        "Final report",
        "Repeat specimen suggested if clinically indicated",
    )
    sections.append(Section(s.pick(("COMMENTS", "", "Notes")), (Para(s.tell(notes, 1, 3)),)))
    if rng.random() < 0.2:
        sections.append(
            titled(
                s,
                ("MICROBIOLOGY", "Culture"),
                Para(
                    s.say(
                        "Source: urine. Final: greater than 100,000 CFU/mL Escherichia coli. Susceptible to ceftriaxone, ciprofloxacin, nitrofurantoin; resistant to ampicillin."
                    )
                ),
            )
        )
    return Content("laboratory_report", tuple(sections), tuple(head[: rng.randint(3, 5)]), dense=True)


def _row(
    columns: tuple[str, ...], name: str, value: str, flag: str, units: str, reference: str
) -> tuple[str, ...]:
    cells: list[str] = []
    for column in columns:
        key = column.lower()
        if key in {"test", "test name", "component", "analyte"}:
            cells.append(name)
        elif key == "in range":
            cells.append("" if flag else f"{value} {units}")
        elif key == "out of range":
            cells.append(f"{value} {flag} {units}" if flag else "")
        elif key in {"result", "value"}:
            cells.append(value if "Flag" in columns or "Abn" in columns else f"{value} {flag}".strip())
        elif key in {"flag", "abn"}:
            cells.append(flag)
        elif key == "units":
            cells.append(units)
        else:
            cells.append(reference)
    return tuple(cells)


def write_radiology_report(s: Scribe) -> Content:
    """Write the reading of an imaging study."""
    rng = s.rng
    head = [
        (
            s.pick(("Exam Date", "Date of Exam", "Study Date", "Performed", "Exam Date/Time")),
            f"{s.service_date()} {s.time()}",
        ),
        (s.label("ordering"), s.provider()),
        (s.pick(("Radiologist", "Interpreting Physician", "Read by", "Reading MD")), s.provider(s.physician)),
        (s.label("accession"), s.draw_number(rng.choice(["########", "RAD-##-#####", "XR######"]))),
    ]
    other = rng.random() < 0.3
    views = (
        "no acute osseous abnormality",
        "the soft tissues are unremarkable",
        "no significant change from the prior study",
        "limited by motion",
        "degenerative change of the spine",
        "vascular calcification is noted",
    )
    findings = [*s.condition.study_findings, *s.some(views, 1, 3)]
    impression = s.condition.impression
    sections = [
        titled(s, ("EXAM", "EXAMINATION", "Procedure", "STUDY"), Para(s.condition.study + ".")),
        titled(
            s,
            ("CLINICAL HISTORY", "INDICATION", "Reason for Exam", "History", "CLINICAL INFORMATION"),
            Para(s.say("{who}, {symptom}.")),
        ),
        titled(
            s,
            ("COMPARISON", "Comparison"),
            Para(
                s.pick(
                    ("None.", "None available.", s.say("Study of {past}."), s.say("Prior exam dated {past}."))
                )
            ),
        ),
        titled(
            s,
            ("TECHNIQUE", "Technique"),
            Para(
                s.pick(
                    (
                        "Standard views were obtained.",
                        "Axial images with coronal and sagittal reformations.",
                        "Multiplanar multisequence imaging without contrast.",
                        "100 mL of iodinated contrast was given intravenously.",
                        "Real time gray scale and Doppler imaging.",
                    )
                )
            ),
        ),
        titled(
            s,
            ("FINDINGS", "Report", "FINDINGS AND DISCUSSION"),
            Para(" ".join(f[:1].upper() + f[1:] + "." for f in findings)),
        ),
        titled(
            s,
            ("IMPRESSION", "CONCLUSION", "Impression", "OPINION"),
            Items(
                tuple(i.strip()[:1].upper() + i.strip()[1:] + "." for i in impression.split(";")),
                numbered=rng.random() < 0.6,
            ),
            sign(s),
        ),
    ]
    if other:
        sections = [x for at, x in enumerate(sections) if at not in (2, 3)]
    return Content(
        "radiology_report", tuple(sections), tuple(head[: rng.randint(2, 4)]), closing=closing_lines(s)
    )


def write_pathology_report(s: Scribe) -> Content:
    """Write the reading of tissue."""
    rng = s.rng
    specimen = s.condition.specimen or "Skin, left forearm, shave biopsy"
    tissue = s.condition.tissue or "Seborrheic keratosis"
    head = (
        (s.label("collected"), s.service_date()),
        (s.label("received"), s.near_date(0, 1)),
        (s.label("reported"), s.near_date(2, 6)),
        (
            s.label("accession"),
            s.draw_number(rng.choice(["S##-#####", "SP-##-####", "AP##-######", "C##-####"])),
        ),
        (s.pick(("Submitting Physician", "Surgeon", "Physician", "Clinician")), s.provider()),
        (s.pick(("Pathologist", "Sign-out Pathologist")), s.provider(s.physician)),
    )
    size = f"{rng.uniform(0.3, 9):.1f} x {rng.uniform(0.2, 5):.1f} x {rng.uniform(0.1, 3):.1f} cm"
    sections = [
        titled(
            s,
            ("SPECIMEN", "SPECIMEN(S) SUBMITTED", "Tissue Submitted", "Source of Specimen"),
            Para(f"A. {specimen}."),
        ),
        titled(
            s,
            ("CLINICAL HISTORY", "Clinical Information", "Pre-op Diagnosis"),
            Para(s.say("{dx}; {symptom}.")),
        ),
        titled(
            s,
            ("GROSS DESCRIPTION", "Gross", "GROSS EXAMINATION", "Macroscopic"),
            Para(
                f'Received in formalin labeled {s.pick(("with the patient name and", "with two identifiers and"))} "{specimen.lower()}" is a {s.pick(("tan-pink", "gray-white", "red-brown", "yellow"))} {s.pick(("soft", "firm", "rubbery"))} tissue measuring {size}. {s.pick(("Representative sections are submitted in three cassettes.", "The specimen is inked, serially sectioned and entirely submitted.", "Sectioning shows a homogeneous cut surface."))}'
            ),
        ),
        titled(
            s,
            ("MICROSCOPIC DESCRIPTION", "Microscopic", "MICROSCOPIC EXAMINATION"),
            Para(
                s.pick(
                    (
                        "Sections show features that support the above diagnosis. Controls stain appropriately.",
                        "Microscopic examination was performed. Immunohistochemical stains were reviewed.",
                        "The lining is preserved with scattered chronic inflammatory cells.",
                        "Hematoxylin and eosin stained slides show the reported changes.",
                    )
                )
            ),
        ),
        titled(
            s,
            ("FINAL DIAGNOSIS", "DIAGNOSIS", "Final Pathologic Diagnosis", "INTERPRETATION"),
            Para(f"{specimen}:"),
            Items(tuple("- " + t.strip() for t in tissue.split(";"))),
            sign(s),
        ),
    ]
    if rng.random() < 0.4:
        sections.insert(0, sections.pop())
    return Content("pathology_report", tuple(sections), head[: rng.randint(3, 6)], closing=closing_lines(s))


def write_ecg_report(s: Scribe) -> Content:
    """Write a tracing's measures and its reading."""
    rng = s.rng
    rate = rng.randint(48, 130)
    head = (
        (
            s.pick(("Date of Test", "Recorded", "Test Date", "Acquired", "Date/Time")),
            f"{s.service_date()} {s.time()}",
        ),
        (s.pick(("Technician", "Tech")), s.pick(("JM", "KLR", "tb", "4471", "RS"))),
        (s.pick(("Confirmed by", "Reviewed by", "Referring", "Interpreting MD")), s.provider(s.physician)),
    )
    measures = [
        (s.pick(("Vent. rate", "Ventricular Rate", "Rate", "HR")), f"{rate} BPM"),
        (s.pick(("PR interval", "PR", "P-R int")), f"{rng.randint(110, 240)} ms"),
        (s.pick(("QRS duration", "QRS", "QRSD")), f"{rng.randint(70, 150)} ms"),
        (
            s.pick(("QT/QTc", "QT / QTc", "QT interval")),
            f"{rng.randint(340, 440)}/{rng.randint(380, 490)} ms",
        ),
        (
            s.pick(("P-R-T axes", "Axis", "P/QRS/T axis")),
            f"{rng.randint(-20, 80)} {rng.randint(-60, 100)} {rng.randint(-30, 110)}",
        ),
    ]
    lines = s.some(
        (
            "Normal sinus rhythm",
            "Sinus bradycardia",
            "Sinus tachycardia",
            "Atrial fibrillation with rapid ventricular response",
            "Left axis deviation",
            "Right bundle branch block",
            "Left ventricular hypertrophy by voltage",
            "Nonspecific ST and T wave abnormality",
            "First degree AV block",
            "Inferior infarct, age undetermined",
            "Anterior ST elevation, consider acute infarct",
            "Premature ventricular complexes",
            "Borderline ECG",
            "Abnormal ECG",
            "Normal ECG",
            "When compared with ECG of {past} no significant change",
            "Poor R wave progression",
            "Low voltage QRS",
        ),
        2,
        6,
    )
    sections: tuple[Section, ...] = (
        titled(s, ("", "MEASUREMENTS", "Intervals"), Pairs(tuple(measures), columns=rng.choice([1, 2]))),
        titled(
            s,
            ("INTERPRETATION", "", "READING", "Statements", "Computer Interpretation"),
            Items(tuple(map(s.say, lines))),
        ),
        titled(
            s,
            ("", "COMMENT"),
            Para(
                s.pick(
                    (
                        "25 mm/s  10 mm/mV  40 Hz",
                        "25mm/sec 10mm/mV 150Hz 9.0.4 12SL",
                        "Speed 25 mm/sec, limb 10 mm/mV, chest 10 mm/mV",
                    )
                )
                + "  I  aVR  V1  V4   II  aVL  V2  V5   III  aVF  V3  V6"
            ),
            sign(s),
        ),
    )
    if rng.random() < 0.75:
        trace = Section("", (Tracing(rng.randint(2, 4), rate),))
        sections = (*sections[:2], trace, sections[2]) if rng.random() < 0.6 else (trace, *sections)
    return Content("ecg_report", sections, head)
